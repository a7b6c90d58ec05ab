/** How help ended: the five ways, and the one that what happened speaks for. */
import type { Disposition } from '../../../src/interaction/interaction.ts';
import type { InteractionView } from '../../../src/protocol/view.ts';

export const DISPOSITIONS: readonly { id: Disposition; label: string }[] = [
  { id: 'fixedVerified', label: 'Fixed, TV verified' },
  { id: 'fixedClaimed', label: 'Fixed, customer says' },
  { id: 'followUp', label: 'Not fixed, follow up' },
  { id: 'passedOn', label: 'Passed on' },
  { id: 'customerLeft', label: 'Customer left' },
];

/** "fixedVerified" → "Fixed, TV verified"; also what history tells besides (`abandoned`). */
export function outcomeWords(outcome: string | null): string {
  if (outcome === null) return 'Still open';
  if (outcome === 'abandoned') return 'Ended before help began';
  return DISPOSITIONS.find((one) => one.id === outcome)?.label ?? outcome;
}

/**
 * What the record speaks for, or null when it speaks for nothing. It never claims that the TV
 * verified a fix which the TV did not verify, and a fix that did not hold counts for nothing.
 */
export function suggestDisposition(view: InteractionView): Disposition | null {
  if (view.status.kind !== 'wrapUp') return null;
  const { fix, by } = view.status;
  if (fix === 'verified') return 'fixedVerified';
  if (fix === 'claimed') return 'fixedClaimed';
  const standing = standingFix(view);
  if (standing !== null) return standing === 'verified' ? 'fixedVerified' : 'fixedClaimed';
  return by === 'viewer' ? 'customerLeft' : null;
}

/** True when the TV itself saw a task help, so that "Fixed, TV verified" can be said at all. */
export function canBeVerified(view: InteractionView): boolean {
  return (
    view.tasks.some((task) => task.status === 'verified') ||
    (view.status.kind === 'wrapUp' && view.status.fix === 'verified')
  );
}

/** The last offered closure that the viewer did not turn down, and that no later fault undid. */
function standingFix(view: InteractionView): 'verified' | 'claimed' | null {
  let fix: 'verified' | 'claimed' | null = null;
  for (const { event } of view.timeline) {
    if (event.type === 'closureOffered') fix = event.how;
    if (event.type === 'closureDeclined' || (event.type === 'updated' && event.fault)) fix = null;
  }
  return fix;
}
