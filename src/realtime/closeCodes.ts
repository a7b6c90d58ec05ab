/** Why a connection ends, as WebSocket's close codes. */
import { CLOSE } from '../protocol/version.ts';
import type { CloseReason } from './meter.ts';

/** Why we close. */
export const CODES = { ...CLOSE, slow: CLOSE.rateLimited, broken: 1007, failed: 1011 } as const;

/** Why a connection ended that we did not close. */
export function reasonOf(code: number): CloseReason {
  switch (code) {
    case 1000:
    case 1001:
    case 1005:
      return 'left';
    case 1002:
    case 1007:
    case 1008:
    case 1009:
      return 'broken';
    default:
      return 'lost';
  }
}
