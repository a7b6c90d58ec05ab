/** What the catalogue suggests beside what the viewer has been asked to do already. */
import type { Suggestion } from '../../../src/protocol/api.ts';
import type { TaskView } from '../../../src/protocol/view.ts';

type SuggestedTask = Suggestion['tasks'][number];

/** Which tasks of a suggestion would be news to the viewer, and which stand on the TV in the same words. */
export function parted(
  { tasks }: Pick<Suggestion, 'tasks'>,
  sent: readonly Pick<TaskView, 'title' | 'status'>[],
): { fresh: SuggestedTask[]; repeated: SuggestedTask[] } {
  // What was taken back may be asked again.
  const known = new Set(sent.filter(({ status }) => status !== 'withdrawn').map(({ title }) => plain(title)));
  const isKnown = ({ title }: SuggestedTask) => known.has(plain(title));
  return { fresh: tasks.filter((task) => !isKnown(task)), repeated: tasks.filter(isKnown) };
}

/** Without those of which nothing would be news; what was sent itself stays, to be sent again. */
export function worthSending(
  suggestions: readonly Suggestion[],
  sent: readonly Pick<TaskView, 'title' | 'status'>[],
): Suggestion[] {
  return suggestions.filter((one) => one.sent || one.tasks.length === 0 || parted(one, sent).fresh.length > 0);
}

/** Without regard to case, spaces and the point at its end. */
function plain(title: string): string {
  return title.trim().toLowerCase().replace(/\s+/g, ' ').replace(/\.$/, '');
}
