/** @jsxImportSource preact */
/** What all help screens share: where one is, who is there, the words, the actions. */
import type { ComponentChildren, VNode } from 'preact';
import type { Company, HelpScreen } from '../story.ts';
import { Button, Screen } from './focus.tsx';
import { Sign } from './pictures.tsx';
import type { SignName } from './pictures.tsx';

export type HelpAction =
  | { kind: 'tryTasks' }
  | { kind: 'seePlace' }
  | { kind: 'talk' }
  | { kind: 'answer'; taskId: string; answer: 'works' | 'stillNot' | 'cannot' }
  | { kind: 'choose'; taskId: string; choice: string }
  | { kind: 'look'; taskId: string }
  /** To a question that was answered, or to the last message. */
  | { kind: 'answerAnew'; taskId: string }
  | { kind: 'sayAnew'; after: number }
  | { kind: 'say'; text: string }
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

export interface HelpProps {
  screen: HelpScreen;
  /** Milliseconds, for what is running: a check's progress. */
  now: number;
  /** Milliseconds since the request was made; for the slow states. */
  askedFor: number;
  /** Old content stays, dimmed. */
  offline: boolean;
  /** The programme's picture beside the words: there is none to see, it is on its way, or it stands there. */
  picture: 'none' | 'coming' | 'shown';
  onAction: OnAction;
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
  uncalled?: boolean;
  actions: ComponentChildren;
  children: ComponentChildren;
}

/** How those who help hear of each screen (B6). */
const PLACES: Record<HelpScreen['kind'], string> = {
  asking: 'Asking for help',
  selfService: 'Self-service',
  waiting: 'Waiting',
  task: 'Task',
  checking: 'Checking',
  outcome: 'Still the fault',
  closure: 'Fixed?',
  invited: 'Invitation',
  connected: 'With a person',
  ended: 'Ended',
};

export function Frame({
  screen,
  name,
  where,
  company,
  pager,
  aside,
  inset,
  uncalled,
  actions,
  children,
  offline,
  picture,
  onAction,
}: FrameProps): VNode {
  return (
    <Screen
      name={`help:${name}`}
      level={3}
      uncalled={uncalled}
      path={['Help', where === 'Help' ? PLACES[screen.kind] : where]}
      class="help"
    >
      <div class="help-head">
        <div class="help-where">
          <Sign name="help" size="small" />
          <span>{where}</span>
          {pager}
        </div>
        <div class="help-company">
          {company && !offline ? <CompanyWords company={company} /> : null}
          <Button id="demo" label="Demo tools" tone="quiet" onPress={() => onAction({ kind: 'demo' })} />
        </div>
      </div>
      <div class={`help-body${offline ? ' is-dimmed' : ''}`}>
        <div class="help-main">{children}</div>
        {inset && picture !== 'none' ? (
          <div class="help-aside inset-hole">{picture === 'coming' ? 'No picture yet' : ''}</div>
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
      {`${company.name} sees this screen’s layout`}
    </span>
  );
}

/** Help is a person. */
export function PersonFigure(): VNode {
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

export function Outcome({ sign, title, text }: { sign: SignName | null; title: string; text: string }): VNode {
  return (
    <>
      {sign === null ? null : <Sign name={sign} />}
      <h1 class={`title${sign === null ? '' : ' is-after-sign'}`}>{title}</h1>
      <p class="body">{text}</p>
    </>
  );
}

export function Leave({ first, onAction }: { first?: boolean; onAction: OnAction }): VNode {
  return <Button id="leave" label="Leave" first={first} onPress={() => onAction({ kind: 'leave' })} />;
}

export function TryTask({ first, onAction }: { first: boolean; onAction: OnAction }): VNode {
  return <Button id="tasks" label="Try a task now" first={first} onPress={() => onAction({ kind: 'tryTasks' })} />;
}

export function Talk({ onAction }: { onAction: OnAction }): VNode {
  return <Button id="talk" label="Talk to someone" onPress={() => onAction({ kind: 'talk' })} />;
}
