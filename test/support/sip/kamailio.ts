/** kamailio as the proxy between us and the world: it records its route and passes on what comes. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort, hears } from '../ports.ts';
import type { Address } from './peer.ts';

export interface Kamailio extends Address {
  stop(): Promise<void>;
}

const MODULES = ['tm', 'sl', 'rr', 'pv', 'maxfwd', 'textops', 'siputils'];
const ROUTE = `
request_route {
  if (!mf_process_maxfwd_header("10")) { sl_send_reply("483", "Too Many Hops"); exit; }
  if (has_totag()) {
    if (loose_route()) { t_relay(); exit; }
    if (is_method("ACK") && t_check_trans()) { t_relay(); exit; }
    if (!is_method("ACK")) sl_send_reply("404", "Not Here");
    exit;
  }
  if (is_method("CANCEL")) { if (t_check_trans()) t_relay(); exit; }
  t_check_trans();
  record_route();
  t_relay();
}
`;

export async function startKamailio(): Promise<Kamailio> {
  const folder = await mkdtemp(join(tmpdir(), 'couchline-kamailio-'));
  const port = await freePort();
  const config = join(folder, 'kamailio.cfg');
  // One child: several would let a BYE overtake the ACK before it, which SIPp takes for a mistake.
  const head = ['#!KAMAILIO', 'debug=0', 'log_stderror=yes', 'children=1', `listen=udp:127.0.0.1:${port}`];
  await writeFile(config, [...head, ...MODULES.map((name) => `loadmodule "${name}.so"`), ROUTE].join('\n'));
  const child = spawn('kamailio', ['-f', config, '-Y', folder, '-DD', '-E'], { cwd: folder, stdio: 'ignore' });
  const closed = once(child, 'close');
  let running = true;
  void closed.then(() => (running = false));
  while (!(await hears(port, 'udp'))) {
    if (!running) throw new Error('kamailio did not start.');
    await pause(20);
  }
  return {
    host: '127.0.0.1',
    port,
    async stop() {
      child.kill('SIGTERM');
      await closed;
      await rm(folder, { recursive: true, force: true });
    },
  };
}
