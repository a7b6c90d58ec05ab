/** @jsxImportSource preact */
/** One task or one question (screen 3). */
import type { VNode } from 'preact';
import type { Company, HelpScreen, TaskShown } from '../story.ts';
import { Button, useFocusable } from './focus.tsx';
import { Frame, Talk } from './help-frame.tsx';
import type { HelpProps, OnAction } from './help-frame.tsx';
import { TaskPictureView } from './pictures.tsx';

export function Task(props: HelpProps & { screen: Extract<HelpScreen, { kind: 'task' }> }): VNode {
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
          {isFull(task) ? <Besides company={company} onAction={onAction} /> : null}
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

/** What else a task leaves open: a person, or the place in the line. */
function Besides({ company, onAction }: { company: Company; onAction: OnAction }): VNode | null {
  switch (company.kind) {
    case 'nobody':
      return <Talk onAction={onAction} />;
    case 'line':
      return <Button id="place" label="See my place" tone="quiet" onPress={() => onAction({ kind: 'seePlace' })} />;
    case 'agent':
      return null;
  }
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
      {isFull(task) ? null : <Besides company={company} onAction={onAction} />}
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
