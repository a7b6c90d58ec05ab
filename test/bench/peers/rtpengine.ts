/** rtpengine in userspace (Debian's rtpengine-daemon, without its kernel module), driven by its own protocol "ng". */
import { spawn, spawnSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { hears } from '../../support/ports.ts';

const host = '127.0.0.1';
const NG_PORT = 22_222;

export interface Rtpengine {
  pid: number;
  /** Sets up a call between two ports. @returns the ports that each of them is to send to */
  call(id: string, one: number, other: number): Promise<{ one: number; other: number }>;
  stop(): Promise<void>;
}

/** Whether it is on this machine. */
export function hasRtpengine(): boolean {
  return spawnSync('rtpengine', ['--version'], { stdio: 'ignore' }).error === undefined;
}

/** @param by what it is started by, such as `taskset -c 0` @throws where it does not start */
export async function startRtpengine(by: readonly string[]): Promise<Rtpengine> {
  const [program = 'rtpengine', ...before] = [...by, 'rtpengine'];
  const options = [
    ...['--foreground', '--table=-1', `--interface=${host}`, `--listen-ng=${host}:${NG_PORT}`, '--num-threads=1'],
    ...['--log-stderr', '--log-level=3', '--port-min=40000', '--port-max=49999', '--config-file=none'],
  ];
  const child = spawn(program, [...before, ...options], { stdio: 'ignore' });
  const gone = new Promise<void>((done) => child.once('close', () => done()));
  let failed: Error | null = null;
  child.once('error', (error) => (failed = error));
  child.once('exit', (code) => (failed ??= new Error(`rtpengine ended with ${code}.`)));
  while (!(await hears(NG_PORT, 'udp'))) {
    if (failed !== null) throw failed as Error;
    await pause(20);
  }
  const takeAlong = () => child.kill('SIGKILL');
  process.once('exit', takeAlong);
  let asked = 0;
  const ask = async (command: Record<string, string>): Promise<string> => {
    const socket = createSocket('udp4');
    socket.send(`${(asked += 1)} ${bencode(command)}`, NG_PORT, host);
    const [answer] = (await once(socket, 'message')) as [Buffer];
    socket.close();
    return answer.toString();
  };
  const port = (answer: string) => {
    const [, found] = /m=audio (\d+) /.exec(answer) ?? [];
    if (found === undefined) throw new Error(`rtpengine gave no port: ${answer}`);
    return Number(found);
  };
  return {
    pid: child.pid as number,
    async call(id, one, other) {
      const call = { 'call-id': id, 'from-tag': 'one' };
      const forOther = port(await ask({ ...call, command: 'offer', sdp: sdpOf(one) }));
      const forOne = port(await ask({ ...call, command: 'answer', 'to-tag': 'other', sdp: sdpOf(other) }));
      return { one: forOne, other: forOther };
    },
    async stop() {
      child.kill('SIGTERM');
      await gone;
      process.off('exit', takeAlong);
    },
  };
}

function sdpOf(port: number): string {
  const lines = ['v=0', `o=- 1 1 IN IP4 ${host}`, 's=-', `c=IN IP4 ${host}`, 't=0 0', `m=audio ${port} RTP/AVP 0 101`];
  return [...lines, 'a=rtpmap:0 PCMU/8000', 'a=rtpmap:101 telephone-event/8000', 'a=sendrecv', ''].join('\r\n');
}

function bencode(values: Record<string, string>): string {
  const text = (value: string) => `${Buffer.byteLength(value)}:${value}`;
  const entries = Object.entries(values).sort(([one], [other]) => (one < other ? -1 : 1));
  return `d${entries.map(([name, value]) => text(name) + text(value)).join('')}e`;
}
