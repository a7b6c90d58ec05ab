/** A tone for the fake microphone of a browser. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const RATE = 48_000;

/**
 * Writes a wave file (16 bits, mono, 3 s) that a browser plays over and over: the tone comes in bursts of
 * 300 ms, since noise suppression takes a steady one for the fan of a computer.
 */
export async function writeTone(hertz: number): Promise<{ path: string; remove(): Promise<void> }> {
  const samples = RATE * 3;
  const file = Buffer.alloc(44 + samples * 2);
  file.write('RIFF', 0);
  file.writeUInt32LE(36 + samples * 2, 4);
  file.write('WAVEfmt ', 8);
  file.writeUInt32LE(16, 16);
  file.writeUInt16LE(1, 20);
  file.writeUInt16LE(1, 22);
  file.writeUInt32LE(RATE, 24);
  file.writeUInt32LE(RATE * 2, 28);
  file.writeUInt16LE(2, 32);
  file.writeUInt16LE(16, 34);
  file.write('data', 36);
  file.writeUInt32LE(samples * 2, 40);
  for (let at = 0; at < samples; at += 1) {
    const on = at % (RATE / 2) < RATE * 0.3;
    file.writeInt16LE(on ? Math.round(12_000 * Math.sin((2 * Math.PI * hertz * at) / RATE)) : 0, 44 + at * 2);
  }
  const folder = await mkdtemp(join(tmpdir(), 'couchline-tone-'));
  const path = join(folder, 'tone.wav');
  await writeFile(path, file);
  return { path, remove: () => rm(folder, { recursive: true, force: true }) };
}
