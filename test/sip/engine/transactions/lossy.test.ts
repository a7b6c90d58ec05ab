import { expect, it } from 'vitest';
import type { SipResponse } from '../../../../sip/engine/messages/message.ts';
import { parseMessage } from '../../../../sip/engine/messages/parse.ts';
import { serializeMessage } from '../../../../sip/engine/messages/serialize.ts';
import { respondTo } from '../../../../sip/engine/control/response.ts';
import { makeAck } from '../../../../sip/engine/control/requestCompletion.ts';
import { defaultTimers } from '../../../../sip/engine/transactions/timers.ts';
import { Transactions, type TransactionUser } from '../../../../sip/engine/transactions/transactions.ts';
import type { Flow } from '../../../../sip/engine/transports/flow.ts';
import { Random } from '../../../support/random.ts';
import { HandClock } from '../../../support/sip/handClock.ts';
import { PaperFlow, request } from '../../../support/sip/paperFlow.ts';

const LOSS = 0.2;
const COUNT = 200;

/** A network that loses a fifth, and delays the rest so that it comes out of order. */
class LossyFlow extends PaperFlow {
  readonly #deliver: (bytes: Buffer) => void;
  readonly #clock: HandClock;
  readonly #random: Random;

  constructor(clock: HandClock, random: Random, deliver: (bytes: Buffer) => void) {
    super('udp');
    this.#clock = clock;
    this.#random = random;
    this.#deliver = deliver;
  }

  override send(message: Buffer): boolean {
    if (!this.#random.chance(LOSS)) this.#clock.start(this.#random.between(5, 405), this.#deliver, message);
    return true;
  }
}

function receive(transactions: Transactions, bytes: Buffer, flow: Flow): void {
  const result = parseMessage(bytes);
  if (!result.ok) throw new Error(result.why);
  if (result.message.kind === 'request') transactions.receiveRequest(result.message, flow);
  else transactions.receiveResponse(result.message, flow);
}

const idle: TransactionUser = {
  requestArrived: () => undefined,
  cancelArrived: () => undefined,
  ackArrived: () => undefined,
  strayResponse: () => undefined,
  serverTransactionEnded: () => undefined,
  trying: () => Buffer.from('SIP/2.0 100 Trying\r\n'),
  answerElsewhere: () => false,
  refused: () => undefined,
};

it.each([
  ['OPTIONS', 200],
  ['INVITE', 486],
])(
  '[RFC 3261 17] %s answered %i over a network that loses a fifth and reorders: each is told once',
  (method, status) => {
    const clock = new HandClock();
    const random = new Random(4);
    let acted = 0;
    const server = new Transactions(
      {
        ...idle,
        requestArrived: (transaction) => {
          acted++;
          transaction.respond(status, serializeMessage(respondTo(transaction.request, status, 'Answer', `b${acted}`)));
        },
      },
      clock,
      defaultTimers,
      { server: 10_000, client: 100 },
    );
    const client = new Transactions(idle, clock, defaultTimers, { server: 10_000, client: 100 });
    const toClient: Flow = new LossyFlow(clock, random, (bytes) => receive(client, bytes, toServer));
    const toServer: Flow = new LossyFlow(clock, random, (bytes) => receive(server, bytes, toClient));

    const answers = new Map<number, (number | string)[]>();
    for (let number = 0; number < COUNT; number++) {
      const branch = `z9hG4bK${number}`;
      const told: (number | string)[] = [];
      answers.set(number, told);
      const sent = request(method, { Via: `SIP/2.0/UDP 192.0.2.99;branch=${branch}`, 'Call-ID': `c${number}` });
      const answered = (_: unknown, { status: final }: SipResponse) => void told.push(final);
      const failed = (_: unknown, reason: string) => void told.push(reason);
      const wire = serializeMessage(sent);
      if (method === 'INVITE') {
        const ack = (refusal: SipResponse) => serializeMessage(makeAck(sent, refusal.headers.get('to') ?? ''));
        client.invite(branch, wire, toServer, ack, { inviteAnswered: answered, inviteFailed: failed });
      } else {
        client.request(branch, method, wire, toServer, { requestAnswered: answered, requestFailed: failed });
      }
    }
    clock.turn(120_000);
    expect([...answers.values()]).toEqual(Array.from({ length: COUNT }, () => [status]));
    expect(acted).toBe(COUNT);
    expect(client.clientCount + server.serverCount).toBe(0);
    expect(clock.running).toBe(0);
  },
);
