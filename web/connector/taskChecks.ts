/**
 * Starts the check of a task that is `checking`, one at a time, and reports what it saw. A check
 * that a reload cut off is run again: the service still says `checking` then.
 */
import type { TaskView } from '../../src/protocol/view.ts';
import { runCheck } from './checks.ts';
import type { CheckBench, RunningCheck } from './checks.ts';
import type { CheckResult, InteractionView, TvState } from './types.ts';

export interface TaskChecks {
  /** Call with the interaction under way after every change of it, null when there is none. */
  follow(view: InteractionView | null): void;
}

export function createTaskChecks(
  bench: CheckBench,
  onChange: (checking: TvState['checking']) => void,
  report: (interactionId: string, taskId: string, said: CheckResult) => void,
): TaskChecks {
  let running: { key: string; check: RunningCheck } | null = null;
  /** Reported, and still `checking` as far as is known here. */
  let reported: string[] = [];

  function begin(view: InteractionView, task: TaskView): void {
    const key = keyOf(view, task);
    const check = runCheck(task.check as NonNullable<TaskView['check']>, bench);
    const mine = { key, check };
    running = mine;
    onChange({ taskId: task.id, startedAt: Date.now() });
    void check.result.then((said) => {
      if (running !== mine) return;
      running = null;
      reported = reported.concat(key);
      onChange(null);
      report(view.id, task.id, said);
    });
  }

  return {
    follow(view) {
      const checking = view === null ? [] : view.tasks.filter((task) => task.status === 'checking' && task.check);
      const keys = view === null ? [] : checking.map((task) => keyOf(view, task));
      reported = reported.filter((key) => keys.indexOf(key) !== -1);
      if (running !== null && keys.indexOf(running.key) === -1) {
        running.check.stop();
        running = null;
        onChange(null);
      }
      const next = checking[keys.findIndex((key) => reported.indexOf(key) === -1)];
      if (running === null && view !== null && next !== undefined) begin(view, next);
    },
  };
}

function keyOf(view: InteractionView, task: TaskView): string {
  return `${view.id} ${task.id}`;
}
