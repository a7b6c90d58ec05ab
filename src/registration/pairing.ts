/**
 * Pairing in the shape of RFC 8628: a TV without credentials shows a code; a signed-in agent confirms it for
 * the agent's contact centre; the TV, which has been asking meanwhile, gets its credentials once.
 *
 *   authorize ──▶ pending ──confirm──▶ confirmed ──poll──▶ claimed (poll: the credentials, this once)
 *                    └─────deny──────▶ denied
 */
import { randomUUID } from 'node:crypto';
import type { DeviceAuthorization, PairedCredentials, PairingError, PairingPending } from '../protocol/api.ts';
import { ConflictError } from './errors.ts';
import type { RegistrationStore, TvRecord } from './ports.ts';
import { hashToken, mintToken } from './tokens.ts';
import { mintUserCode, readUserCode, showUserCode } from './userCode.ts';

const EXPIRES_MS = 10 * 60 * 1000;
/** Seconds between a TV's questions, and by how much the interval grows when it asks too soon (RFC 8628, 3.5). */
const INTERVAL_S = 5;
const SLOW_DOWN_S = 5;
/** A pairing that is over is still told so to its TV for this long. */
const KEPT_MS = EXPIRES_MS;

/** How an agent answers the code on a TV; `customer.reference` is made up when there is none. */
export type PairingAnswer =
  { allow: true; name: string; customer: { name: string; reference?: string | undefined } | null } | { allow: false };

export interface Pairing {
  /** For a TV without credentials: the codes to show and to ask with. */
  authorize(device: { model: string; serial?: string | undefined }): Promise<DeviceAuthorization>;
  /** For the same TV, again and again: its credentials once an agent confirmed, or why not (yet). */
  poll(deviceCode: string): Promise<PairedCredentials | PairingError>;
  /** What an agent of this centre is shown before answering. Null when no pending TV shows this code. */
  pending(centreId: string, userCode: string): Promise<PairingPending | null>;
  /**
   * The agent's answer, for the agent's centre.
   * @returns false when no pending TV shows this code, or another agent was faster
   * @throws ConflictError when a TV of the same serial is connected: it has its credentials, so this one is another
   */
  answer(centreId: string, userCode: string, answer: PairingAnswer): Promise<boolean>;
}

/**
 * @param options.clock milliseconds since the epoch
 * @param options.publicUrl how browsers reach the service, without a slash at the end
 * @param options.onRevoked told a TV's id when new credentials replaced its old ones
 */
export function createPairing(options: {
  store: RegistrationStore;
  clock: () => number;
  publicUrl: string;
  onRevoked?: (tvId: string) => Promise<void>;
}): Pairing {
  const { store, clock, publicUrl } = options;

  /** The centre's own TV that a pairing of this serial gives new credentials. */
  async function namesake(centreId: string, serial: string | null): Promise<TvRecord | null> {
    if (serial === null) return null;
    return (await store.findTvsBySerial(serial)).find((tv) => tv.centre.id === centreId) ?? null;
  }

  return {
    async authorize({ model, serial }) {
      const now = clock();
      await store.purgePairings(now - KEPT_MS);
      const deviceCode = mintToken();
      const pairing = {
        deviceCodeHash: hashToken(deviceCode),
        model,
        serial: serial ?? null,
        intervalS: INTERVAL_S,
        expiresAt: now + EXPIRES_MS,
      };
      let userCode = mintUserCode();
      while (!(await store.insertPairing({ ...pairing, userCode }))) userCode = mintUserCode();
      const shown = showUserCode(userCode);
      return {
        device_code: deviceCode,
        user_code: shown,
        verification_uri: `${publicUrl}/pair`,
        verification_uri_complete: `${publicUrl}/pair?code=${shown}`,
        expires_in: EXPIRES_MS / 1000,
        interval: INTERVAL_S,
      };
    },

    async poll(deviceCode) {
      const now = clock();
      const deviceCodeHash = hashToken(deviceCode);
      const poll = await store.pollPairing(deviceCodeHash, now, SLOW_DOWN_S);
      if (poll === null || poll.status === 'claimed') return { error: 'invalid_grant' };
      if (poll.status === 'denied') return { error: 'access_denied' };
      if (poll.expiresAt <= now) return { error: 'expired_token' };
      if (poll.tooSoon) return { error: 'slow_down' };
      if (poll.status === 'pending') return { error: 'authorization_pending' };
      const secret = mintToken();
      const tv = { id: randomUUID(), serial: `paired-${randomUUID()}`, secretHash: hashToken(secret) };
      const claimed = await store.claimPairing(deviceCodeHash, tv, now);
      if (claimed === null) return { error: 'invalid_grant' };
      if (claimed.tvId !== tv.id) await options.onRevoked?.(claimed.tvId);
      return { serial: claimed.serial, secret };
    },

    async pending(centreId, typed) {
      const userCode = readUserCode(typed);
      const found = userCode === null ? null : await store.findPendingPairing(userCode, clock());
      if (userCode === null || found === null) return null;
      const known = await namesake(centreId, found.serial);
      return {
        userCode: showUserCode(userCode),
        ...found,
        replaces: known && { name: known.name, customerName: known.customer?.name ?? null },
      };
    },

    async answer(centreId, typed, answer) {
      const now = clock();
      const userCode = readUserCode(typed);
      if (userCode === null) return false;
      if (!answer.allow) return await store.denyPairing(userCode, now);
      const found = await store.findPendingPairing(userCode, now);
      if (found === null) return false;
      if ((await namesake(centreId, found.serial))?.connected === true) {
        throw new ConflictError(
          `A TV with the serial ${found.serial} is connected now, so this is another one. Check whose TV shows the code.`,
        );
      }
      const customer = answer.customer && {
        id: randomUUID(),
        reference: answer.customer.reference ?? `paired-${randomUUID()}`,
        name: answer.customer.name,
        address: null,
        number: null,
      };
      return await store.confirmPairing(userCode, { centreId, name: answer.name, customer }, now);
    },
  };
}
