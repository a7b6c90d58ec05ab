/** SIP as the service runs it, on a server elsewhere whose connection breaks. */
import { expect, it, onTestFinished } from 'vitest';
import { SipService } from '../../sip/service.ts';
import type { EchoMedia } from '../../sip/echoCalls.ts';
import { Call } from '../support/sip/call.ts';
import { startRelay } from '../support/sip/relay.ts';
import { setStage } from '../support/sip/stage.ts';
import { ALICE, BOB } from '../support/sip/talk.ts';

const stage = setStage();

it('says once that the server is out of reach, ends the media of its calls, and takes calls again', async () => {
  const { control } = stage.server();
  const relay = await startRelay(control);
  onTestFinished(() => relay.close());
  const said: string[] = [];
  let open = 0;
  const media = (): EchoMedia => {
    open += 1;
    return { accept: () => Promise.resolve({ answer: BOB }), close: () => (open -= 1) };
  };
  const service = await SipService.start({
    server: { daemon: { ...control, port: relay.port } },
    openEcho: () => Promise.resolve(media()),
    log: { warn: (_fields, sentence) => said.push(sentence) },
  });
  onTestFinished(() => service.close());
  const alice = await stage.peer('alice');
  /** The application connects by itself, which nobody is told. */
  const answered = async () => {
    const call = await Call.begin(alice, 'echo', { body: ALICE });
    const response = await alice.next((message) => /^SIP\/2\.0 [2-6]/.test(message.start));
    const taken = response.start.startsWith('SIP/2.0 200 ');
    await (taken ? call.ack(response) : call.ackRefusal(response));
    return taken;
  };
  await expect.poll(answered).toBe(true);
  expect(open).toBe(1);
  relay.cut();
  await expect.poll(() => open).toBe(0);
  await expect.poll(answered).toBe(true);
  expect(said).toEqual(['The SIP server is out of reach; it is tried again.']);
  expect(service.port).toBeNull();
  expect(service.upgrade).toBeNull();
});
