import { describe, expect, it } from 'vitest';
import { shippedCatalogue } from '../../../../src/diagnosis/shipped.ts';
import { agentMessage } from '../../../../src/protocol/client.ts';
import { taskDraft } from '../../../../src/protocol/facts.ts';
import { diagnosisCommand, diagnosisErrors, emptyDiagnosis } from '../../../../web/agent/tasks/diagnosis-form.ts';
import { emptyTask, taskErrors, taskFromForm, taskToForm } from '../../../../web/agent/tasks/task-form.ts';
import type { TaskForm } from '../../../../web/agent/tasks/task-form.ts';

const task = (change: Partial<TaskForm>): TaskForm => ({ ...emptyTask(), title: 'Unplug the TV', ...change });
const check = (change: Partial<TaskForm['check']>): TaskForm => task({ check: { ...emptyTask().check, ...change } });

/** What the form lets through and what the wire lets through, side by side. */
const fits = (form: TaskForm) => ({
  form: Object.keys(taskErrors(form)).length === 0,
  wire: taskDraft.safeParse(taskFromForm(form)).success,
});

describe('a task while it is written', () => {
  it.each([
    ['a plain task', task({})],
    ['a title of 80', task({ title: 'x'.repeat(80) })],
    ['a title of 81', task({ title: 'x'.repeat(81) })],
    ['no title', task({ title: '  ' })],
    ['a detail of 161', task({ detail: 'x'.repeat(161) })],
    ['playback for 0 s', check({ kind: 'playback', seconds: '0' })],
    ['playback for 60 s', check({ kind: 'playback', seconds: '60' })],
    ['playback for 61 s', check({ kind: 'playback', seconds: '61' })],
    ['playback for half a second', check({ kind: 'playback', seconds: '0.5' })],
    ['playback for "ten"', check({ kind: 'playback', seconds: 'ten' })],
    ['the service’s own address', check({ kind: 'network', url: '' })],
    ['an address', check({ kind: 'network', url: 'https://tv.example/ok' })],
    ['no address', check({ kind: 'network', url: 'tv.example' })],
    ['a fault code', check({ kind: 'fault', code: 'playback:stalled' })],
    ['no fault code', check({ kind: 'fault', code: 'stalled' })],
    ['a host check', check({ kind: 'host', name: 'tuner-lock' })],
    ['a host check with a space', check({ kind: 'host', name: 'tuner lock' })],
    ['a question', task({ choices: ['Yes', 'No'] })],
    ['a question with an empty answer', task({ choices: ['Yes', ' '] })],
    ['a question with a long answer', task({ choices: ['Yes', 'x'.repeat(41)] })],
  ])('%s is judged by the form as by the wire', (_, form) => {
    const judged = fits(form);
    expect(judged.form).toBe(judged.wire);
  });

  it('says in words what to do, at the field', () => {
    expect(taskErrors(task({ title: '' }), 'tasks.0.')).toEqual({ 'tasks.0.title': 'Enter what to do.' });
    expect(taskErrors(task({ title: 'x'.repeat(85) }))).toEqual({ title: '80 characters at most. You have 85.' });
    expect(taskErrors(task({ choices: ['Yes', 'yes'] }))).toEqual({ 'choices.1': 'This answer is there already.' });
  });

  it('goes into the form and comes back the same, for every task that ships', () => {
    for (const shipped of shippedCatalogue.flatMap((entry) => entry.tasks)) {
      expect(taskFromForm(taskToForm(shipped))).toEqual(shipped);
    }
  });

  it('a question carries no check', () => {
    expect(taskFromForm({ ...check({ kind: 'network' }), choices: ['Yes', 'No'] })).not.toHaveProperty('check');
  });
});

describe('diagnostic information while it is written [M9]', () => {
  it('becomes a command that the wire takes', () => {
    const form = { ...emptyDiagnosis(true), explanation: ' The signal is weak. ', entryId: 'weak-wifi' };
    form.tasks = [task({ title: 'Is the router near?', choices: ['Yes', 'No'] })];
    expect(diagnosisErrors(form)).toEqual({});
    const message = { v: 1, id: 'c1', type: 'agent', interactionId: 'ix1', command: diagnosisCommand(form) };
    expect(agentMessage.safeParse(message).success).toBe(true);
  });

  it('[IX15] a question needs no explanation, and is there with its two answers', () => {
    expect(Object.keys(diagnosisErrors(emptyDiagnosis(true)))).toEqual(['tasks.0.title']);
    const form = emptyDiagnosis(true);
    form.tasks = form.tasks.map((one) => ({ ...one, title: 'Is the light on?' }));
    const command = diagnosisCommand(form);
    expect(command).toMatchObject({ explanation: '', tasks: [{ title: 'Is the light on?', choices: ['Yes', 'No'] }] });
    const message = { v: 1, id: 'c1', type: 'agent', interactionId: 'ix1', command };
    expect(agentMessage.safeParse(message).success).toBe(true);
    expect(Object.keys(diagnosisErrors({ ...form, explanation: 'x'.repeat(301) }))).toEqual(['explanation']);
    expect(Object.keys(diagnosisErrors({ ...form, tasks: [...form.tasks, task({})] }))).toEqual(['explanation']);
  });

  it('[IX15] may be an explanation alone; tasks need one', () => {
    expect(diagnosisErrors({ explanation: 'All is well.', tasks: [], entryId: null })).toEqual({});
    expect(Object.keys(diagnosisErrors(emptyDiagnosis(false)))).toEqual(['explanation', 'tasks.0.title']);
  });

  it('has eight tasks at most', () => {
    const tasks = Array.from({ length: 9 }, () => task({}));
    expect(diagnosisErrors({ explanation: 'x', tasks, entryId: null })).toEqual({
      tasks: '8 tasks at most. You have 9.',
    });
  });
});
