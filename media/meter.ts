import type { Leg, LegFailure, LegQuality } from './leg.ts';

/** What became of a leg that is not as it was to be. */
export type LegTrouble = LegFailure /** Its peer was to send sound, and none came for a while. */ | 'silent';

/** Who counts what happens to media. Legs are told by their kind alone. */
export interface MediaMeter {
  /** Every few seconds of each leg. */
  quality(kind: Leg['kind'], quality: LegQuality): void;
  /** Once each time that it begins. */
  legTrouble(kind: Leg['kind'], trouble: LegTrouble): void;
  workerDied(): void;
  /** A worker was to be started, at first or in place of one that died, and did not come up. */
  workerNotStarted(): void;
  /** The thread of the telephones' edge died, and all telephones' legs with it. */
  edgeDied(): void;
}
