/**
 * How a TV proves who it is: by its session while that holds, else by its secret, which was
 * provisioned by the operator or comes of a pairing.
 */
import type { RegisterMessage } from '../../src/protocol/client.ts';
import type { Registered } from '../../src/protocol/server.ts';
import type { Keep } from './keep.ts';
import { startPairing } from './pairing.ts';
import type { Pairing, PairingOptions } from './pairing.ts';
import type { TvConnectorOptions } from './types.ts';

type Proof = Extract<RegisterMessage, { type: 'registerTv' }>['credentials'];
type Secret = { serial: string; secret: string };

export interface Credentials {
  /** Waits for a pairing where there is nothing to prove with; never rejects. */
  proof(): Promise<Proof>;
  /** The session of a registration that was taken. */
  remember(session: Registered['session']): void;
  /** The proof given last was not taken; true when there is another way. */
  refused(): boolean;
  stop(): void;
}

export function createCredentials(
  given: TvConnectorOptions['credentials'],
  keep: Keep,
  pairingOptions: PairingOptions,
): Credentials {
  let session: Registered['session'] = null;
  let secret: Secret | null = given === 'pair' ? readSecret(keep.read()) : given;
  let last: Proof['kind'] = 'secret';
  let pairing: Pairing | null = null;

  return {
    proof() {
      if (session !== null && session.expiresAt > Date.now()) {
        last = 'session';
        return Promise.resolve({ kind: 'session', token: session.token });
      }
      last = 'secret';
      if (secret !== null) return Promise.resolve({ kind: 'secret', serial: secret.serial, secret: secret.secret });
      if (pairing === null) pairing = startPairing(pairingOptions);
      return pairing.done.then((paired) => {
        pairing = null;
        secret = paired;
        keep.write(paired);
        return { kind: 'secret', serial: paired.serial, secret: paired.secret };
      });
    },
    remember(next) {
      session = next;
    },
    refused() {
      session = null;
      if (last === 'session') return true;
      if (given !== 'pair') return false;
      secret = null;
      keep.write(null);
      return true;
    },
    stop() {
      pairing?.stop();
    },
  };
}

function readSecret(kept: unknown): Secret | null {
  const { serial, secret } = (kept || {}) as Partial<Secret>;
  return typeof serial === 'string' && typeof secret === 'string' ? { serial, secret } : null;
}
