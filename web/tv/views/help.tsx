/** @jsxImportSource preact */
/** The help screens, one question each; what they show comes from story.ts, what is pressed goes to `onAction`. */
import type { VNode } from 'preact';
import type { HelpScreen } from '../story.ts';
import { Connected } from './connected.tsx';
import { Button } from './focus.tsx';
import { Frame, Leave, Outcome, PersonFigure, Talk, TryTask } from './help-frame.tsx';
import type { HelpProps } from './help-frame.tsx';
import { Task } from './task.tsx';

export function Help(props: HelpProps): VNode {
  const { screen, now, onAction, askedFor, offline } = props;
  switch (screen.kind) {
    case 'asking':
      return (
        <Frame
          {...props}
          offline={false}
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
          company={screen.company}
          inset
          uncalled
          actions={
            <>
              <Button
                id="still"
                label="It still does not"
                first
                onPress={() => onAction({ kind: 'answer', taskId: screen.task.id, answer: 'stillNot' })}
              />
              <Leave onAction={onAction} />
            </>
          }
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
              <Leave onAction={onAction} />
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
                <Button id="ask-again" label="Ask for help again" onPress={() => onAction({ kind: 'askAgain' })} />
              ) : null}
            </>
          }
        >
          <Outcome sign={screen.fix} title={screen.title} text={screen.text} />
        </Frame>
      );
  }
}

function Waiting(props: HelpProps & { screen: Extract<HelpScreen, { kind: 'waiting' }> }): VNode {
  const { screen, onAction } = props;
  const { answered } = screen;
  const tasks = screen.openTasks > 0;
  return (
    <Frame
      {...props}
      name="waiting"
      where="Help"
      actions={
        <>
          {tasks ? <TryTask first onAction={onAction} /> : null}
          {answered === null ? null : (
            <Button
              id="anew"
              label="Change my answer"
              first={!tasks}
              onPress={() => onAction({ kind: 'answerAnew', taskId: answered })}
            />
          )}
          <Leave first={!tasks && answered === null} onAction={onAction} />
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
