/** @jsxImportSource preact */
/** The help screens, one question each; what they show comes from story.ts, what is pressed goes to `onAction`. */
import type { ComponentChildren, VNode } from 'preact';
import type { Company, HelpScreen, TaskShown } from '../story.ts';
import { Button, Screen, useFocusable } from './focus.tsx';
import { Sign, TaskPictureView } from './pictures.tsx';
import type { SignName } from './pictures.tsx';

export type HelpAction =
  | { kind: 'tryTasks' }
  | { kind: 'seePlace' }
  | { kind: 'talk' }
  | { kind: 'answer'; taskId: string; answer: 'works' | 'stillNot' | 'cannot' }
  | { kind: 'choose'; taskId: string; choice: string }
  | { kind: 'look'; taskId: string }
  | { kind: 'outcomeSeen'; taskId: string }
  | { kind: 'confirmFixed' }
  | { kind: 'stillNeedHelp' }
  | { kind: 'begin' }
  | { kind: 'notNow' }
  | { kind: 'leave' }
  | { kind: 'keepWaiting' }
  | { kind: 'goBack' }
  | { kind: 'dismiss' }
  | { kind: 'askAgain' }
  | { kind: 'demo' };

export type OnAction = (action: HelpAction) => void;

interface HelpProps {
  screen: HelpScreen;
  /** Milliseconds, for what is running: a check's progress. */
  now: number;
  /** Milliseconds since the request was made; for the slow states. */
  askedFor: number;
  /** Old content stays, dimmed. */
  offline: boolean;
  /** The programme's picture can stand beside the words. */
  picture: boolean;
  onAction: OnAction;
}

export function Help(props: HelpProps): VNode {
  const { screen, now, onAction, askedFor, offline } = props;
  switch (screen.kind) {
    case 'asking':
      return (
        <Frame
          {...props}
          name="asking"
          where="Help"
          actions={
            <>
              <Button id="keep" label="Keep waiting" first onPress={() => onAction({ kind: 'keepWaiting' })} />
              <Button id="go-back" label="Go back" onPress={() => onAction({ kind: 'goBack' })} />
            </>
          }
        >
          <h1 class="title">{offline ? 'This TV is not online.' : 'Asking for help.'}</h1>
          <p class="body">
            {offline
              ? 'Your request goes out as soon as it is. Check the cable, or the Wi-Fi of this home.'
              : askedFor > 5000
                ? 'This is taking longer than usual.'
                : 'We tell the help line what this TV sees.'}
          </p>
        </Frame>
      );
    case 'selfService':
      return (
        <Frame
          {...props}
          name="self-service"
          where="Help"
          actions={
            <>
              <Button id="talk" label="Talk to someone" first onPress={() => onAction({ kind: 'talk' })} />
              <Leave onAction={onAction} />
            </>
          }
        >
          <h1 class="title">{screen.title}</h1>
          {screen.explanation === null ? null : <p class="body">{screen.explanation}</p>}
        </Frame>
      );
    case 'waiting':
      return <Waiting {...props} screen={screen} />;
    case 'task':
      return <Task {...props} screen={screen} />;
    case 'checking': {
      const seconds = Math.max(0, (now - screen.startedAt) / 1000);
      return (
        <Frame
          {...props}
          name={`checking:${screen.task.id}`}
          where={`Task ${screen.task.number}`}
          inset
          actions={<Leave first onAction={onAction} />}
        >
          <h1 class="title">{`Checking, up to ${screen.seconds} seconds`}</h1>
          <p class="body">{screen.task.title}</p>
          <div class="check-line">
            <div style={{ transform: `scaleX(${Math.min(1, seconds / screen.seconds)})` }} />
          </div>
        </Frame>
      );
    }
    case 'outcome':
      return (
        <Frame
          {...props}
          name={`outcome:${screen.taskId}`}
          where="Help"
          company={screen.company}
          inset
          actions={
            <>
              <Button
                id="on"
                label={screen.openTasks > 0 ? 'Try the next task' : 'Go on'}
                first
                onPress={() => onAction({ kind: 'outcomeSeen', taskId: screen.taskId })}
              />
              {screen.company.kind === 'nobody' ? <Talk onAction={onAction} /> : null}
            </>
          }
        >
          <Outcome sign="failed" title={screen.title} text={screen.text} />
        </Frame>
      );
    case 'closure':
      return (
        <Frame
          {...props}
          name={`closure:${screen.how}`}
          where="Help"
          company={screen.company}
          inset
          actions={
            <>
              <Button id="done" label="Done" first onPress={() => onAction({ kind: 'confirmFixed' })} />
              <Button id="still" label="I still need help" onPress={() => onAction({ kind: 'stillNeedHelp' })} />
            </>
          }
        >
          <Outcome sign={screen.how} title={screen.title} text={screen.text} />
        </Frame>
      );
    case 'invited':
      return (
        <Frame
          {...props}
          name="invited"
          where="Help"
          aside={<PersonFigure />}
          actions={
            <>
              <Button id="not-now" label="Not now" first onPress={() => onAction({ kind: 'notNow' })} />
              <Button id="begin" label="Yes, begin" onPress={() => onAction({ kind: 'begin' })} />
            </>
          }
        >
          <h1 class="title">{`${screen.agent} from ${screen.line} would like to help you.`}</h1>
          <p class="body">Would you like to begin?</p>
        </Frame>
      );
    case 'connected':
      return <Connected {...props} screen={screen} />;
    case 'ended':
      return (
        <Frame
          {...props}
          name="ended"
          where="Help"
          actions={
            <>
              <Button id="dismiss" label="Back to watching" first onPress={() => onAction({ kind: 'dismiss' })} />
              {screen.mayAskAgain ? (
                <Button id="ask-again" label="Ask again" onPress={() => onAction({ kind: 'askAgain' })} />
              ) : null}
            </>
          }
        >
          <Outcome sign={screen.fix} title={screen.title} text={screen.text} />
        </Frame>
      );
  }
}

interface FrameProps extends HelpProps {
  name: string;
  /** What stands above: "Task 2". */
  where: string;
  company?: Company;
  /** Stands between where and company. */
  pager?: ComponentChildren;
  /** Beside the words. */
  aside?: ComponentChildren;
  /** The picture itself stands beside the words. */
  inset?: boolean;
  actions: ComponentChildren;
  children: ComponentChildren;
}

function Frame({
  name,
  where,
  company,
  pager,
  aside,
  inset,
  actions,
  children,
  offline,
  picture,
  onAction,
}: FrameProps): VNode {
  return (
    <Screen name={`help:${name}`} level={3} path={['Help', where]} class="help">
      <div class="help-head">
        <div class="help-where">
          <Sign name="help" size="small" />
          <span>{where}</span>
          {pager}
        </div>
        <div class="help-company">
          {company ? <CompanyWords company={company} /> : null}
          <Button id="demo" label="Demo tools" tone="quiet" onPress={() => onAction({ kind: 'demo' })} />
        </div>
      </div>
      <div class={`help-body${offline ? ' is-dimmed' : ''}`}>
        <div class="help-main">{children}</div>
        {inset && picture ? (
          <div class="help-aside inset-hole" />
        ) : aside ? (
          <div class="help-aside">{aside}</div>
        ) : null}
      </div>
      <div class="actions">{actions}</div>
    </Screen>
  );
}

/** Who is there, in words and a sign: with a person, always also what they can see. */
function CompanyWords({ company }: { company: Company }): VNode | null {
  if (company.kind === 'nobody') return null;
  if (company.kind === 'line') return <span class="company">{company.place}</span>;
  return (
    <span class="company">
      <Sign name="look" size="small" />
      {`${company.name} sees this screen's layout`}
    </span>
  );
}

function Waiting(props: HelpProps & { screen: Extract<HelpScreen, { kind: 'waiting' }> }): VNode {
  const { screen, onAction } = props;
  const tasks = screen.openTasks > 0;
  return (
    <Frame
      {...props}
      name="waiting"
      where="Help"
      actions={
        <>
          {tasks ? (
            <Button id="tasks" label="Try a task now" first onPress={() => onAction({ kind: 'tryTasks' })} />
          ) : null}
          <Leave first={!tasks} onAction={onAction} />
        </>
      }
      aside={<PersonFigure />}
    >
      <h1 class="number">{screen.title}</h1>
      {screen.note === null ? null : <p class="body">{screen.note}</p>}
      {screen.known ? (
        <p class={`wait${screen.age.stale ? ' is-stale' : ''}`}>
          {screen.wait}
          <span class="age">{screen.age.words}</span>
        </p>
      ) : (
        <div class="skeleton" />
      )}
    </Frame>
  );
}

/** Help is a person. */
function PersonFigure(): VNode {
  return (
    <svg class="line-figure" viewBox="0 0 240 240" aria-hidden="true">
      <circle cx="120" cy="120" r="112" class="picture-fill" />
      <g fill="none" stroke="currentColor" stroke-width="6" stroke-linecap="round" stroke-linejoin="round">
        <path d="M120 112a26 26 0 100-52 26 26 0 000 52M68 182c0-34 24-52 52-52s52 18 52 52" />
        <g class="picture-accent">
          <path d="M84 92v-6a36 36 0 0172 0v6M84 88a8 8 0 00-8 8v6a8 8 0 0016 0v-6a8 8 0 00-8-8zM156 88a8 8 0 018 8v6a8 8 0 01-16 0v-6a8 8 0 018-8zM156 110c0 10-8 16-20 16" />
        </g>
      </g>
    </svg>
  );
}

function Task(props: HelpProps & { screen: Extract<HelpScreen, { kind: 'task' }> }): VNode {
  const { screen, onAction } = props;
  const { task, company } = screen;
  const where = `Task ${task.number}`;
  return (
    <Frame
      {...props}
      name="task"
      where={where}
      company={company}
      pager={
        <>
          {screen.open > 1 ? <Pager screen={screen} onAction={onAction} /> : null}
          {isFull(task) && company.kind === 'nobody' ? <Talk onAction={onAction} /> : null}
        </>
      }
      aside={task.picture === null ? null : <TaskPictureView picture={task.picture} />}
      actions={<TaskActions task={task} company={company} onAction={onAction} />}
    >
      {company.kind === 'agent' && company.lastMessage !== null ? (
        <p class="said">
          <b>{company.name}</b>
          {company.lastMessage}
        </p>
      ) : null}
      <h1 class="title">{task.title}</h1>
      {task.detail === null ? null : <p class="body">{task.detail}</p>}
      {task.detail === null && screen.explanation !== null ? <p class="body">{screen.explanation}</p> : null}
    </Frame>
  );
}

/** Four answers leave no room for a fifth action: what else there is stands above. */
function isFull(task: TaskShown): boolean {
  return task.choices !== null && task.choices.length > 3;
}

function TaskActions({ task, company, onAction }: { task: TaskShown; company: Company; onAction: OnAction }): VNode {
  const answer = (given: 'works' | 'stillNot' | 'cannot') => () =>
    onAction({ kind: 'answer', taskId: task.id, answer: given });
  const choices = task.choices;
  return (
    <>
      {choices === null ? (
        <>
          <Button
            key={`${task.id}-works`}
            id={`${task.id}-works`}
            label="It works now"
            first
            onPress={answer('works')}
          />
          <Button
            key={`${task.id}-still`}
            id={`${task.id}-still`}
            label="It still does not"
            onPress={answer('stillNot')}
          />
          <Button
            key={`${task.id}-cannot`}
            id={`${task.id}-cannot`}
            label="I cannot do this"
            onPress={answer('cannot')}
          />
        </>
      ) : (
        choices.map((choice, index) => (
          <Button
            key={`${task.id}-${index}`}
            id={`${task.id}-${index}`}
            label={choice}
            first={index === 0}
            onPress={() => onAction({ kind: 'choose', taskId: task.id, choice })}
          />
        ))
      )}
      {company.kind === 'nobody' && !isFull(task) ? <Talk onAction={onAction} /> : null}
      {company.kind === 'line' && !isFull(task) ? (
        <Button id="place" label="See my place" tone="quiet" onPress={() => onAction({ kind: 'seePlace' })} />
      ) : null}
    </>
  );
}

/** Left and right lead to the other open tasks. */
function Pager({ screen, onAction }: { screen: Extract<HelpScreen, { kind: 'task' }>; onAction: OnAction }): VNode {
  const { previous, next } = screen;
  const look = (taskId: string | null): boolean => {
    if (taskId === null) return false;
    onAction({ kind: 'look', taskId });
    return true;
  };
  const { ref, focused } = useFocusable({
    id: 'pager',
    label: `Task ${screen.task.number}, ${screen.open} are open`,
    onPress: () => void (look(next) || look(previous)),
    onArrow: (direction) => (direction === 'left' ? look(previous) : direction === 'right' ? look(next) : false),
  });
  return (
    <div ref={ref} role="button" class={`pager${focused ? ' is-focused' : ''}`} data-focus="pager">
      <span class={previous === null ? 'is-off' : ''}>‹</span>
      {`${screen.open} to try`}
      <span class={next === null ? 'is-off' : ''}>›</span>
    </div>
  );
}

function Connected(props: HelpProps & { screen: Extract<HelpScreen, { kind: 'connected' }> }): VNode {
  const { screen, onAction } = props;
  const company: Company = { kind: 'agent', name: screen.agent, lastMessage: null };
  return (
    <Frame
      {...props}
      name="connected"
      where="Help"
      company={company}
      aside={<PersonFigure />}
      actions={<Leave first onAction={onAction} />}
    >
      <h1 class="title">{`${screen.agent} is here.`}</h1>
      {screen.messages.length === 0 ? (
        <p class="body">{screen.explanation || `${screen.agent} reads what this TV told us. Nothing to do for now.`}</p>
      ) : (
        <div class="messages">
          {screen.messages.map((message, index) => (
            <p key={index} class={`message is-${message.from}`}>
              <b>{message.name}</b>
              {message.text}
            </p>
          ))}
        </div>
      )}
    </Frame>
  );
}

function Outcome({ sign, title, text }: { sign: SignName | null; title: string; text: string }): VNode {
  return (
    <>
      {sign === null ? null : <Sign name={sign} />}
      <h1 class={`title${sign === null ? '' : ' is-after-sign'}`}>{title}</h1>
      <p class="body">{text}</p>
    </>
  );
}

function Leave({ first, onAction }: { first?: boolean; onAction: OnAction }): VNode {
  return <Button id="leave" label="Leave" first={first} onPress={() => onAction({ kind: 'leave' })} />;
}

function Talk({ onAction }: { onAction: OnAction }): VNode {
  return <Button id="talk" label="Talk to someone" onPress={() => onAction({ kind: 'talk' })} />;
}
