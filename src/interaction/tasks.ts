/** Diagnoses, and what the viewer and the TV say about their tasks (IX2, IX10, IX11, IX15, IX16). */
import type { Diagnosis, Task } from '../diagnosis/diagnosis.ts';
import type { ViewerCommand } from './command.ts';
import type { InteractionEvent } from './event.ts';
import type { Interaction, TaskRecord, TaskStatus } from './interaction.ts';
import { offerClosure, stillNeedHelp } from './closure.ts';
import { go, refuse, stay, type Given, type Step } from './step.ts';

type Told = Extract<ViewerCommand, { type: 'answerTask' | 'answerQuestion' | 'reportCheck' }>;

// ── Diagnoses ────────────────────────────────────────────────────────────────────────────────────

/** The automated service's answer (M11). One entry of the catalogue is given once. */
export function diagnosisFound({ interaction, now }: Given, diagnosis: Diagnosis, unattended: boolean): Step {
  switch (interaction.state.kind) {
    case 'selfService': {
      const onward: { type: 'match' }[] = unattended || interaction.state.closure !== null ? [] : [{ type: 'match' }];
      if (isGiven(interaction, diagnosis)) return go(interaction, [], onward);
      const added = add(interaction, diagnosis, now);
      return added.ok ? { ...added, asked: onward } : added;
    }
    case 'queued':
    case 'offered':
      return isGiven(interaction, diagnosis) ? stay(interaction) : add(interaction, diagnosis, now);
    case 'invited':
    case 'active':
    case 'wrapUp':
    case 'closed':
    case 'abandoned':
      return stay(interaction);
  }
}

/** Nothing in the catalogue: a person is needed. */
export function diagnosisNotFound({ interaction }: Given): Step {
  const { state } = interaction;
  if (state.kind !== 'selfService' || state.closure !== null) return stay(interaction);
  return go(interaction, [], [{ type: 'match' }]);
}

/** The diagnosis of the agent it is with; it adds to those before. */
export function sendDiagnosis({ interaction, now }: Given, diagnosis: Diagnosis): Step {
  if (interaction.diagnoses.some((one) => one.id === diagnosis.id)) return stay(interaction);
  if (diagnosis.tasks.length === 0 && diagnosis.explanation.trim() === '') {
    return refuse('badReference', 'There is nothing to send yet. Write an explanation or add a task.');
  }
  return add(interaction, diagnosis, now);
}

function isGiven(interaction: Interaction, { id, source }: Diagnosis): boolean {
  return interaction.diagnoses.some(
    (given) =>
      given.id === id ||
      (source.kind === 'catalogue' && given.source.kind === 'catalogue' && given.source.entryId === source.entryId),
  );
}

function add(interaction: Interaction, diagnosis: Diagnosis, now: number): Step {
  const ids = [...interaction.tasks.map((task) => task.taskId), ...diagnosis.tasks.map((task) => task.id)];
  if (new Set(ids).size !== ids.length) {
    return refuse(
      'badReference',
      'A task of this diagnosis has the id of another task. Send it again with ids of its own.',
    );
  }
  const tasks = diagnosis.tasks.map((task): TaskRecord => ({
    taskId: task.id,
    diagnosisId: diagnosis.id,
    status: 'todo',
    at: now,
  }));
  const next = {
    ...interaction,
    diagnoses: [...interaction.diagnoses, diagnosis],
    tasks: [...interaction.tasks, ...tasks],
  };
  return go(next, [{ type: 'diagnosisGiven', diagnosis }]);
}

/** The agent takes a task back that nobody has answered. */
export function withdrawTask({ interaction, now }: Given, taskId: string): Step {
  const found = find(interaction, taskId);
  if (found === null) return noSuchTask();
  if (found.record.status === 'withdrawn') return stay(interaction);
  if (found.record.status !== 'todo') {
    return refuse('wrongState', 'The viewer has answered this task already, so it stays. Send another one instead.');
  }
  const { next, event } = change(interaction, found.record, { status: 'withdrawn' }, now);
  return go(next, [event]);
}

// ── What the couch says ──────────────────────────────────────────────────────────────────────────

/** An answer, or the report of a check. */
export function told(given: Given, command: Told): Step {
  const { interaction } = given;
  const { kind } = interaction.state;
  // The agent who wraps up still wants to know what the check found.
  if (kind === 'wrapUp' && command.type !== 'reportCheck') {
    return refuse(
      'wrongState',
      'This help has come to its end, so the answer was not taken. Ask for help again to start anew.',
    );
  }
  const found = find(interaction, command.taskId);
  if (found === null) return noSuchTask();
  if (found.record.status === 'withdrawn') {
    return refuse('badReference', 'This task was taken back. Go on with the next one.');
  }
  switch (command.type) {
    case 'answerTask':
      return answerTask(given, found, command.answer);
    case 'answerQuestion':
      return answerQuestion(given, found, command.choice);
    case 'reportCheck':
      return reportCheck(given, found, command);
  }
}

interface Found {
  task: Task;
  record: TaskRecord;
}

function answerTask(given: Given, { task, record }: Found, answer: 'works' | 'stillNot' | 'cannot'): Step {
  const { interaction, now } = given;
  if (task.choices !== undefined) {
    return refuse('badReference', 'This task is a question. Choose one of its answers.');
  }
  if (answer === 'works') {
    if (record.status === 'checking' || closureTask(interaction) === task.id) return stay(interaction);
    const status = task.check === undefined ? 'claimed' : 'checking';
    const { next, event } = change(interaction, record, { status }, now);
    if (status === 'checking') return go(next, [event]);
    return offerClosure({ ...given, interaction: next }, task.id, 'claimed', [event]);
  }
  const status = answer === 'stillNot' ? 'notHelped' : 'cannot';
  if (record.status === status) return stay(interaction);
  const { next, event } = change(interaction, record, { status }, now);
  if (closureTask(interaction) === task.id) return stillNeedHelp({ ...given, interaction: next }, [event]);
  return onward(next, event);
}

function answerQuestion(given: Given, { task, record }: Found, choice: string): Step {
  const { interaction, now } = given;
  if (!task.choices?.includes(choice)) {
    return refuse('badReference', 'That is not one of the answers to this task. Choose one that is shown.');
  }
  if (record.choice === choice) return stay(interaction);
  const { next, event } = change(interaction, record, { status: 'answered', choice }, now);
  return onward(next, event);
}

function reportCheck(
  given: Given,
  { task, record }: Found,
  { result, evidence }: Extract<Told, { type: 'reportCheck' }>,
): Step {
  const { interaction, now } = given;
  if (task.check === undefined) return refuse('badReference', 'This task has no check to report on.');
  // Reported before, or the viewer has said something else meanwhile.
  if (record.status !== 'checking') return stay(interaction);
  const status = result === 'unavailable' ? 'claimed' : result;
  const { next, event } = change(interaction, record, { status, evidence }, now);
  if (status === 'failed') return onward(next, event);
  return offerClosure({ ...given, interaction: next }, task.id, status, [event]);
}

/** In self-service with nothing left to do and nothing that helped, a person is needed: nobody is stranded (IX2). */
function onward(next: Interaction, event: InteractionEvent): Step {
  const { state } = next;
  const stranded =
    state.kind === 'selfService' &&
    state.closure === null &&
    next.tasks.every((task) => task.status !== 'todo' && task.status !== 'checking');
  return go(next, [event], stranded ? [{ type: 'match' }] : []);
}

/** New information (M10). A new fault is looked up while no agent is there to do it. */
export function update({ interaction }: Given, command: Extract<ViewerCommand, { type: 'update' }>): Step {
  const { state, tv } = interaction;
  const { fault, screen, context } = command;
  if (state.kind === 'wrapUp') {
    return refuse(
      'wrongState',
      'This help has come to its end, so nothing was added. Ask for help again to start anew.',
    );
  }
  if (state.kind === 'invited') {
    return refuse('wrongState', 'Nothing of this TV is shown before you say yes. Answer the invitation first.');
  }
  if (fault === undefined && screen === undefined && context === undefined) return stay(interaction);
  const event: InteractionEvent = {
    type: 'updated',
    ...(fault !== undefined && { fault }),
    ...(screen && { screen }),
    ...(context && { context }),
  };
  const unknown = fault && fault.code !== interaction.request.fault?.code && state.kind !== 'active';
  return go(interaction, [event], unknown ? [{ type: 'diagnose', fault, model: tv.model, firmware: tv.firmware }] : []);
}

// ── Looking up and changing ──────────────────────────────────────────────────────────────────────

function find(interaction: Interaction, taskId: string): Found | null {
  const record = interaction.tasks.find((one) => one.taskId === taskId);
  const task = interaction.diagnoses.flatMap((one) => one.tasks).find((one) => one.id === taskId);
  return record && task ? { task, record } : null;
}

function noSuchTask(): Step {
  return refuse('badReference', 'There is no such task here. Go on with one that is shown.');
}

/** The task that a closure waits for. */
function closureTask({ state }: Interaction): string | null {
  return (state.kind === 'selfService' || state.kind === 'active') && state.closure ? state.closure.taskId : null;
}

function change(
  interaction: Interaction,
  { taskId, diagnosisId }: TaskRecord,
  now_: { status: TaskStatus; choice?: string; evidence?: string },
  at: number,
): { next: Interaction; event: InteractionEvent } {
  const changed: TaskRecord = { taskId, diagnosisId, ...now_, at };
  return {
    next: { ...interaction, tasks: interaction.tasks.map((one) => (one.taskId === taskId ? changed : one)) },
    event: { type: 'taskChanged', taskId, ...now_ },
  };
}
