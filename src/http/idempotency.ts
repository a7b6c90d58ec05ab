/**
 * Repetitions of a request under its `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header): done
 * once, answered alike. The door itself knows a command that comes twice, also when the service was
 * killed in between; what is kept here is the answer, and what was asked.
 */
import { createHash } from 'node:crypto';
import type { Request, Response } from 'express';
import type { ApiError } from '../protocol/api.ts';
import { idempotencyKey } from '../protocol/v1.ts';
import type { ApiCaller } from '../registration/apiKeys.ts';
import { HttpError, parse } from './error.ts';

/** Milliseconds after which a request without an answer counts as cut off. */
const CUT_OFF_AFTER_MS = 30_000;

export interface RequestStore {
  /** Null when it is claimed now; else what is kept. A claim of before `staleBefore` is taken over. */
  claim(request: {
    keyId: string;
    idempotencyKey: string;
    fingerprint: Buffer;
    at: number;
    staleBefore: number;
  }): Promise<{ fingerprint: Buffer; answer: { status: number; body: unknown } | null } | null>;
  answer(keyId: string, idempotencyKey: string, answer: { status: number; body: unknown }): Promise<void>;
  /** Gives up a claim without an answer, so that it counts as made at `at`. What was asked is remembered. */
  release(keyId: string, idempotencyKey: string, at: number): Promise<void>;
}

/**
 * Answers a request, once.
 * @param asked the request as it was understood, whatever its spelling
 * @param act does it under a command id of its own; what it throws as HttpError below 500 is an answer too,
 *   and is kept; 429 and above 500 are not, and may be repeated
 */
export async function once(
  { req, res, caller, asked }: { req: Request; res: Response; caller: ApiCaller; asked: unknown },
  { store, clock }: { store: RequestStore; clock: () => number },
  act: (commandId: string) => Promise<{ status: number; body: unknown }>,
): Promise<void> {
  const header = req.get('Idempotency-Key');
  if (header === undefined) {
    throw HttpError.malformed(
      'The header "Idempotency-Key" is missing. Send one of your own with each command, and the same when you repeat it.',
    );
  }
  const key = parse(idempotencyKey, header);
  const fingerprint = createHash('sha256')
    .update(`${req.method} ${req.baseUrl}${req.path}\n${JSON.stringify(asked)}`)
    .digest();
  const now = clock();
  const kept = await store.claim({
    keyId: caller.keyId,
    idempotencyKey: key,
    fingerprint,
    at: now,
    staleBefore: now - CUT_OFF_AFTER_MS,
  });
  if (kept !== null) {
    if (!kept.fingerprint.equals(fingerprint)) {
      throw new HttpError(
        422,
        'keyUsed',
        'This Idempotency-Key stood on another request before. Use a new one for each command.',
      );
    }
    if (kept.answer === null) {
      res.set('Retry-After', '1');
      throw new HttpError(409, 'underWay', 'This very request is under way. Repeat it in a second for its answer.');
    }
    send(res.set('Idempotency-Replayed', 'true'), kept.answer);
    return;
  }
  try {
    // A colon stands in no id that a TV or an agent gives: these never meet theirs.
    const answer = await act(`api:${caller.keyId}:${key}`).catch(answerOf);
    await store.answer(caller.keyId, key, answer);
    send(res, answer);
  } catch (error) {
    // It may have taken effect, so that the key stands for this request and no other.
    await store.release(caller.keyId, key, now - CUT_OFF_AFTER_MS - 1);
    throw error;
  }
}

function answerOf(error: unknown): { status: number; body: ApiError } {
  if (!(error instanceof HttpError) || error.status >= 500 || error.status === 429) throw error;
  return { status: error.status, body: { error: error.error, message: error.message } };
}

function send(res: Response, { status, body }: { status: number; body: unknown }): void {
  res.status(status).json(body);
}
