/** ffmpeg as a telephone: it sends a tone over RTP, or keeps what it hears. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePorts } from '../ports.ts';

export interface Secrets {
  suite: string;
  /** Master key and salt, 30 octets. */
  material: Uint8Array;
}

/** Whether it is on this machine. */
export async function hasFfmpeg(): Promise<boolean> {
  return await promisify(execFile)('ffmpeg', ['-version']).then(
    () => true,
    () => false,
  );
}

/** An even port with a free one above it, as it takes them. */
export async function freePair(): Promise<number> {
  const [first = 0] = await freePorts(3);
  return first + (first % 2);
}

const CODERS = { PCMU: 'pcm_mulaw', PCMA: 'pcm_alaw', G722: 'g722' } as const;

/**
 * Sends a tone until it is stopped.
 * @param from the port it sends from; RTCP comes from the one above
 */
export function sendTone(options: {
  hz: number;
  codec: keyof typeof CODERS;
  from: number;
  to: number;
  secrets?: Secrets;
}): { stop: () => Promise<void> } {
  const { hz, codec, from, to, secrets } = options;
  const rate = codec === 'G722' ? 16_000 : 8_000;
  const seal = secrets && ['-srtp_out_suite', secrets.suite, '-srtp_out_params', base64(secrets)];
  const target = `127.0.0.1:${to}?localrtpport=${from}&localrtcpport=${from + 1}&pkt_size=172`;
  const child = spawn(
    'ffmpeg',
    [
      ...['-v', 'error', '-re', '-f', 'lavfi', '-i', `sine=${hz}:sample_rate=${rate}`, '-ac', '1'],
      ...['-acodec', CODERS[codec], '-f', 'rtp', ...(seal ?? []), `${seal ? 'srtp' : 'rtp'}://${target}`],
    ],
    { stdio: 'ignore' },
  );
  const gone = once(child, 'close');
  return {
    async stop() {
      child.kill('SIGKILL');
      await gone;
    },
  };
}

/**
 * Listens on a port for a second of G.711, which it decodes.
 * @returns samples, 8,000 a second
 */
export async function listen(options: { port: number; secrets?: Secrets }, seconds = 1): Promise<Int16Array> {
  const { port, secrets } = options;
  const folder = await mkdtemp(join(tmpdir(), 'couchline-ffmpeg-'));
  const sdp = [
    ...['v=0', 'o=- 1 1 IN IP4 127.0.0.1', 's=-', 'c=IN IP4 127.0.0.1', 't=0 0'],
    `m=audio ${port} RTP/${secrets ? 'SAVP' : 'AVP'} 0`,
    'a=rtpmap:0 PCMU/8000',
    ...(secrets ? [`a=crypto:1 ${secrets.suite} inline:${base64(secrets)}`] : []),
    '',
  ];
  try {
    await writeFile(join(folder, 'in.sdp'), sdp.join('\r\n'));
    const child = spawn(
      'ffmpeg',
      [
        ...['-v', 'error', '-protocol_whitelist', 'file,rtp,srtp,udp', '-analyzeduration', '0'],
        ...['-i', join(folder, 'in.sdp'), '-t', String(seconds), '-f', 's16le', '-y', join(folder, 'out.raw')],
      ],
      { stdio: 'ignore' },
    );
    await once(child, 'close');
    const heard = await readFile(join(folder, 'out.raw'));
    return Int16Array.from({ length: heard.length >> 1 }, (_, at) => heard.readInt16LE(2 * at));
  } finally {
    await rm(folder, { recursive: true });
  }
}

function base64({ material }: Secrets): string {
  return Buffer.from(material).toString('base64');
}
