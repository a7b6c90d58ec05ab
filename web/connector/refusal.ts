import type { RefusalCode } from '../../src/protocol/server.ts';
import type { RefusedError } from './types.ts';

/**
 * @param message what happened, why, what to do; can be shown to people
 * @param retry true when the same may be taken later
 */
export function refusal(code: RefusalCode, message: string, retry = false): RefusedError {
  const error = new Error(message) as RefusedError;
  error.name = 'RefusedError';
  error.code = code;
  error.retry = retry;
  return error;
}
