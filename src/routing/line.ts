/** The order of the line, a place in it, and the wait that can honestly be expected. */
import type { Waiting } from './routing.ts';

/** Who goes first: higher priority, then earlier arrival; the id decides between equals, so that all see one order. */
export function inOrder(one: Waiting, other: Waiting): number {
  return (
    other.priority - one.priority ||
    one.arrivedAt - other.arrivedAt ||
    (one.interactionId < other.interactionId ? -1 : one.interactionId > other.interactionId ? 1 : 0)
  );
}

/**
 * Where each that waits stands among those of its queue, by interaction: `place` 1 is next, `of` how many wait.
 * @param waiting in any order
 */
export function placesInLine(waiting: readonly Waiting[]): Map<string, { place: number; of: number }> {
  const lengths = new Map<string, { of: number }>();
  const ahead = waiting.toSorted(inOrder).map(({ interactionId, queueId }) => {
    const line = lengths.get(queueId) ?? { of: 0 };
    lengths.set(queueId, line);
    return { interactionId, line, place: (line.of += 1) };
  });
  return new Map(ahead.map(({ interactionId, line, place }) => [interactionId, { place, of: line.of }]));
}

/** Standard deviations from the middle within which three of five outcomes lie. */
const THREE_OF_FIVE = 0.84;

/**
 * The wait until `place` becomes the next to be answered: the time in which that many talks come
 * to their end, talks being of very unequal length (a sum of exponential times: an Erlang
 * distribution, by Wilson and Hilferty's approximation). One in five waits less than `low`, one in
 * five more than `high`, so the range grows with the place.
 *
 * @param place 1 is next
 * @param handlers agents connected who could answer, busy ones too
 * @returns seconds; null when nobody is there, or nothing is known of how long talks take
 */
export function expectedWait(
  place: number,
  handlers: number,
  averageHandlingSeconds: number,
): { low: number; high: number } | null {
  if (handlers <= 0 || !(averageHandlingSeconds > 0)) return null;
  const between = averageHandlingSeconds / handlers;
  const spread = 1 / (9 * place);
  const at = (deviations: number) => Math.round(between * place * (1 - spread + deviations * Math.sqrt(spread)) ** 3);
  return { low: at(-THREE_OF_FIVE), high: at(THREE_OF_FIVE) };
}
