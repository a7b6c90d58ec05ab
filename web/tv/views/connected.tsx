/** @jsxImportSource preact */
/** With an agent: what was said, and what can be said to it. */
import type { VNode } from 'preact';
import type { Company, HelpScreen } from '../story.ts';
import { Button } from './focus.tsx';
import { Frame, Leave, PersonFigure, TryTask } from './help-frame.tsx';
import type { HelpAction, HelpProps, OnAction } from './help-frame.tsx';

const ANSWERS = ['Yes', 'No', 'I cannot say'];

type ConnectedScreen = Extract<HelpScreen, { kind: 'connected' }>;

export function Connected(props: HelpProps & { screen: ConnectedScreen }): VNode {
  const { screen, onAction } = props;
  const company: Company = { kind: 'agent', name: screen.agent, lastMessage: null };
  const asked = screen.toAnswer !== null;
  return (
    <Frame
      {...props}
      // A new message is a new question: its answers have the focus, and no press meant for the last one.
      name={asked ? `connected:${String(screen.toAnswer)}` : 'connected'}
      where="Help"
      company={company}
      pager={asked && screen.openTasks > 0 ? <TryTask first={false} onAction={onAction} /> : null}
      aside={<PersonFigure />}
      actions={asked ? <Answers onAction={onAction} /> : <Rest screen={screen} onAction={onAction} />}
    >
      <h1 class="title">{`${screen.agent} is here.`}</h1>
      {screen.messages.length === 0 ? (
        <p class="body">{screen.text}</p>
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
      <p class="writing" aria-live="off">
        {screen.writing ? `${screen.agent} is writing…` : ''}
      </p>
    </Frame>
  );
}

/** To what the agent wrote last. Four actions are all that a screen has: a task to try stands above. */
function Answers({ onAction }: { onAction: OnAction }): VNode {
  return (
    <>
      {ANSWERS.map((text, index) => (
        <Button
          key={text}
          id={`say-${index}`}
          label={text}
          first={index === 0}
          onPress={() => onAction({ kind: 'say', text })}
        />
      ))}
      <Leave onAction={onAction} />
    </>
  );
}

function Rest({ screen, onAction }: { screen: ConnectedScreen; onAction: OnAction }): VNode {
  const { answered, answeredTask } = screen;
  const tasks = screen.openTasks > 0;
  const anew: HelpAction | null =
    answered !== null
      ? { kind: 'sayAnew', after: answered }
      : answeredTask !== null
        ? { kind: 'answerAnew', taskId: answeredTask }
        : null;
  return (
    <>
      {tasks ? <TryTask first onAction={onAction} /> : null}
      {anew === null ? null : (
        <Button id="anew" label="Change my answer" first={!tasks} onPress={() => onAction(anew)} />
      )}
      <Leave first={!tasks && anew === null} onAction={onAction} />
    </>
  );
}
