/** The running service as those who watch it see it: its figures, and a log without people. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { demo } from '../../support/demo.ts';
import { startService, type Service } from '../../support/service.ts';
import { registerAgent, registerTv, signIn, stalledRequest } from '../../support/wire.ts';

const token = 'the-scraper-shows-this';
let service: Service;

/** Everything of Alice's that may not stand in a log. */
const alice = {
  reference: 'NL-ALICE-77',
  name: 'Alice Wintergreen',
  address: '9 Lantern Row',
  number: '+447700900777',
};
const said = 'my sister Beatrix is at home';

beforeAll(async () => {
  service = await startService({ LOG_LEVEL: 'trace', METRICS_TOKEN: token });
});
afterAll(async () => {
  expect(await service.stop()).toBe(0);
});

const metrics = (headers: Record<string, string> = {}) => fetch(`${service.url}/metrics`, { headers });

describe('the log and the figures', () => {
  it('[M24] a whole request of a named customer leaves ids in the log, and nothing of the customer or the agent', async () => {
    await signIn(service.url, demo.sam.email, 'not-sams-password').catch(() => {});
    const sam = await registerAgent(service.url, await signIn(service.url, demo.sam.email, demo.sam.password));
    const tv = await registerTv(service.url, demo.tv, { told: { user: alice } });
    const { interactionId = '' } = await tv.tell({
      type: 'request',
      request: { ...stalledRequest, context: { serviceState: 'playing', facts: { told: said } } },
    });
    const { status } = await sam.view(interactionId, (view) => view.status.kind === 'offered');
    const speak = (command: object) => sam.tell({ type: 'agent', interactionId, command });
    await speak({ type: 'accept', offerId: status.kind === 'offered' ? status.offerId : '' });
    await speak({ type: 'sendMessage', text: said });
    await speak({ type: 'end' });
    await speak({ type: 'close', disposition: 'fixedClaimed', note: `${alice.name}: ${said}` });
    await tv.ask({ type: 'viewer', interactionId, command: { type: 'leave' } });
    await tv.view(interactionId, (view) => view.status.kind === 'closed');
    const figures = await (await metrics({ authorization: `Bearer ${token}` })).text();
    sam.cut();
    tv.cut();

    // What people read at the terminal tells the demo's well-known passwords; the log is what is JSON.
    const log = service
      .output()
      .split('\n')
      .filter((line) => line.startsWith('{'));
    expect(log.filter((line) => line.includes(interactionId)).length).toBeGreaterThan(4);
    const secrets = [demo.sam.email, demo.sam.name, demo.sam.password, 'not-sams-password', demo.tv.secret, token];
    for (const text of [log.join('\n'), figures]) {
      for (const one of [...Object.values(alice), 'Wintergreen', said, 'Beatrix', 'Alex Morgan', ...secrets]) {
        expect(text).not.toContain(one);
      }
      expect(text).not.toMatch(/[\w.]+@[\w.]+\.[a-z]{2,}/);
    }
    expect(figures).not.toContain(interactionId);
    for (const line of [
      'couchline_connections{role="agent"} 1',
      'couchline_connections{role="tv"} 1',
      'couchline_commands_total{type="request",outcome="taken"} 1',
      'couchline_commands_total{type="agent.sendMessage",outcome="taken"} 1',
      'couchline_registrations_total{role="tv",outcome="accepted"} 1',
      'couchline_line_waiting{centre="demo-northlight",queue="demo-help-line"} 0',
    ]) {
      expect(figures).toContain(line);
    }
  });

  it('/metrics is there only for who shows the token', async () => {
    expect((await metrics()).status).toBe(404);
    expect((await metrics({ authorization: 'Bearer something-else-entirely' })).status).toBe(404);
    const shown = await metrics({ authorization: `Bearer ${token}` });
    expect(shown.status).toBe(200);
    expect(shown.headers.get('content-type')).toMatch(/^text\/plain/);
  });
});
