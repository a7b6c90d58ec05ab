/** A call that stands between a peer and an application, for tests of what comes after. */
import { once, type EventEmitter } from 'node:events';
import type Srf from 'drachtio-srf';
import { Call } from './call.ts';
import { sdp } from './sdp.ts';
import type { Stage } from './stage.ts';
import type { Peer } from './peer.ts';

export interface Talk {
  srf: Srf.Application;
  /** The application's side. */
  dialog: Srf.Dialog;
  /** The peer's side. */
  call: Call;
  peer: Peer;
}

export const ALICE = sdp({ who: 'alice', port: 40_000 });
export const BOB = sdp({ who: 'bob', port: 41_000 });

/** alice called, the application answered, and she acknowledged. */
export async function calledIn(stage: Stage, transport: 'udp' | 'tcp' = 'udp'): Promise<Talk> {
  const dialog = Promise.withResolvers<Srf.Dialog>();
  const { srf } = await stage.application({
    invite(req, res) {
      srf.createUAS(req, res, { localSdp: BOB }).then(dialog.resolve, dialog.reject);
    },
  });
  const peer = await stage.peer('alice', transport);
  const call = await Call.begin(peer, 'bob', { body: ALICE });
  const uas = await dialog.promise;
  const acknowledged = new Promise((done) => uas.once('ack', done));
  await call.answered();
  await acknowledged;
  return { srf, dialog: uas, call, peer };
}

/** The application called bob, who answered. */
export async function calledOut(stage: Stage, transport: 'udp' | 'tcp' = 'udp'): Promise<Talk> {
  const { srf } = await stage.application();
  const peer = await stage.peer('bob', transport);
  const calling = srf.createUAC(peer.uri, { localSdp: ALICE });
  const invite = await peer.next('INVITE');
  const call = Call.from(peer, invite);
  await call.respond(invite, 200, { body: BOB });
  await call.hears('ACK');
  return { srf, dialog: await calling, call, peer };
}

/** The next time the emitter says so, with all that it says. */
export function heard<Said extends unknown[]>(emitter: EventEmitter | Srf.SrfRequest, event: string): Promise<Said> {
  return once(emitter as EventEmitter, event) as Promise<unknown[]> as Promise<Said>;
}

/** The final response to a request of the application. */
export function finalOf(req: Srf.SrfRequest): Promise<Srf.SrfResponse> {
  return new Promise((done) => {
    req.on('response', (res) => {
      if (res !== undefined && res.status >= 200) done(res);
    });
  });
}
