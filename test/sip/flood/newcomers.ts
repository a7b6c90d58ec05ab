/** Who calls and is called for the first time, each at an address from which nothing has come before, over UDP that may lose. */
import type { Answering } from '../../support/sip/answering.ts';
import { Call } from '../../support/sip/call.ts';
import { methodOf } from '../../support/sip/message.ts';
import { Peer, type Arrival } from '../../support/sip/peer.ts';
import { sdp } from '../../support/sip/sdp.ts';

/** Until a request is sent again, in milliseconds: those of RFC 3261 17.1.1.2. */
const REPETITIONS = [500, 1000, 2000, 4000, 8000, 16_000];
/** How long a phone that is called listens before it looks whether that is over, in milliseconds. */
const LISTEN_MS = 100;

let addresses = 0;

function nextAddress(): string {
  addresses++;
  return `127.1.${addresses >> 8}.${addresses & 255}`;
}

/** carol calls and hangs up. @returns whether she was answered both times */
export async function callsIn(answering: Answering): Promise<boolean> {
  const carol = await Peer.at(nextAddress(), 'carol', answering.udp);
  const call = Call.to(carol, 'bob');
  try {
    const ok = await asked(call, 'INVITE', sdp());
    await call.ack(ok);
    await asked(call, 'BYE');
    return true;
  } catch {
    return false;
  } finally {
    await carol.close();
  }
}

/** The application calls dave and hangs up. @returns whether he was heard both times */
export async function isCalled(answering: Answering): Promise<boolean> {
  const dave = await Peer.at(nextAddress(), 'dave', answering.udp);
  let over = false;
  const called = answering.call(dave.uri).finally(() => (over = true));
  const asksHim = (message: Arrival) => ['INVITE', 'BYE'].includes(methodOf(message) ?? '');
  while (!over) {
    const request = await dave.next(asksHim, LISTEN_MS).catch(() => undefined);
    if (request) await dave.respond(request, 200, methodOf(request) === 'INVITE' ? { body: sdp() } : {});
  }
  await dave.close();
  return called;
}

/** A request, and its 200. @throws Error where none comes though it was sent seven times */
async function asked(call: Call, method: string, body = ''): Promise<Arrival> {
  const request = await call.request(method, { body });
  for (const ms of REPETITIONS) {
    const ok = await call.response(200, method, ms).catch(() => undefined);
    if (ok) return ok;
    await call.peer.say(request);
  }
  return call.response(200, method);
}
