/** baresip without a head: a phone that answers by itself, plays a tone and keeps what it heard. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../ports.ts';

export interface Baresip {
  /** Where it can be called. */
  uri: string;
  /** Resolves with what it says, once it says something that fits. */
  says(what: RegExp): Promise<string>;
  /** All that it has said. */
  said(): string;
  /** What it has heard so far: samples of 16 bits, 8000 a second, or as many as its own tone has. */
  heard(): Promise<Int16Array>;
  /** How loud that was at its loudest, 0 to 32767. */
  loudest(): Promise<number>;
  stop(): Promise<void>;
}

/** How it speaks; G.711 in the clear, where nothing is said. */
export interface BaresipOptions {
  /** Modules of codecs, of ways through NAT and of encryption, such as "ice.so". */
  modules?: string[];
  /** What its account is to have, such as "medianat=ice". */
  account?: string[];
  /** Lines of its configuration. */
  config?: string[];
  /** Its tone; as many samples a second as its codec has. */
  tone?: { hertz: number; rate: number };
}

const TONE = { hertz: 440, rate: 8_000 };
/** It hangs up when its tone ends, and so it ends with its test and not before. */
const TONE_SECONDS = 120;

/**
 * @param name "alice"
 * @param dial whom it calls as soon as it is ready; without, it waits for calls and answers them
 */
export async function startBaresip(name: string, dial?: string, options: BaresipOptions = {}): Promise<Baresip> {
  const { modules = ['g711.so'], account = [], config = [], tone = TONE } = options;
  const folder = await mkdtemp(join(tmpdir(), `couchline-baresip-${name}-`));
  const port = await freePort();
  await writeFile(join(folder, 'tone.wav'), toneFile(tone));
  await writeFile(
    join(folder, 'config'),
    [
      `sip_listen 127.0.0.1:${port}`,
      'net_interface 127.0.0.1',
      'module_path /usr/lib/baresip/modules',
      ...[...modules, 'aufile.so', 'sndfile.so'].map((module) => `module ${module}`),
      ...['account.so', 'menu.so'].map((module) => `module_app ${module}`),
      `audio_source aufile,${join(folder, 'tone.wav')}`,
      `snd_path ${folder}`,
      ...config,
      '',
    ].join('\n'),
  );
  const parameters = ['regint=0', ...(dial === undefined ? ['answermode=auto'] : []), ...account].join(';');
  await writeFile(join(folder, 'accounts'), `<sip:${name}@127.0.0.1;transport=udp>;${parameters}\n`);
  await writeFile(join(folder, 'contacts'), '');
  const limits = ['-t', `${TONE_SECONDS}`];
  const child = spawn('baresip', ['-f', folder, ...limits, ...(dial === undefined ? [] : ['-e', `/dial ${dial}`])], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const closed = once(child, 'close');
  let said = '';
  const listeners = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      listeners.forEach((listener) => listener());
    });
  }

  const says = (what: RegExp) =>
    new Promise<string>((resolve, reject) => {
      const listen = () => {
        const found = what.exec(said)?.[0];
        if (found === undefined) return;
        listeners.delete(listen);
        resolve(found);
      };
      listeners.add(listen);
      listen();
      void closed.then(() => reject(new Error(`baresip ended before it said ${what.source}. It said:\n${said}`)));
    });

  const baresip: Baresip = {
    uri: `sip:${name}@127.0.0.1:${port}`,
    says,
    said: () => said,
    async heard() {
      const file = (await readdir(folder)).find((name) => name.endsWith('-dec.wav'));
      if (file === undefined) return new Int16Array();
      const samples = (await readFile(join(folder, file))).subarray(44);
      return Int16Array.from({ length: samples.length >> 1 }, (_, at) => samples.readInt16LE(2 * at));
    },
    async loudest() {
      return (await baresip.heard()).reduce((loudest, sample) => Math.max(loudest, Math.abs(sample)), 0);
    },
    async stop() {
      child.kill('SIGTERM');
      await closed;
      await rm(folder, { recursive: true, force: true });
    },
  };
  await says(/baresip is ready/);
  return baresip;
}

/** One channel, 16 bits. */
function toneFile({ hertz, rate }: { hertz: number; rate: number }): Buffer {
  const samples = Buffer.alloc(2 * TONE_SECONDS * rate);
  for (let at = 0; at < samples.length / 2; at += 1) {
    samples.writeInt16LE(Math.round(12_000 * Math.sin((2 * Math.PI * hertz * at) / rate)), 2 * at);
  }
  const head = Buffer.alloc(44);
  head.write('RIFF', 0);
  head.writeUInt32LE(36 + samples.length, 4);
  head.write('WAVEfmt ', 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(rate, 24);
  head.writeUInt32LE(2 * rate, 28);
  head.writeUInt16LE(2, 32);
  head.writeUInt16LE(16, 34);
  head.write('data', 36);
  head.writeUInt32LE(samples.length, 40);
  return Buffer.concat([head, samples]);
}
