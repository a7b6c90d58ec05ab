/** The worker's binary: where mediasoup looks for it, and whether it runs. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A worker that is started without its environment says that it runs, and no more, by this exit code. */
const RUNS = 41;
const ANSWERS_WITHIN_MS = 10_000;

/** The folder of the mediasoup package. */
export function packageFolder(): string {
  return fileURLToPath(new URL('../..', import.meta.resolve('mediasoup')));
}

/** Where mediasoup's own installation puts the binary, and where its library looks for it. */
export function installedPath(folder: string): string {
  return join(folder, 'worker/out/Release', process.platform === 'win32' ? 'mediasoup-worker.exe' : 'mediasoup-worker');
}

/**
 * Starts the binary for a moment: one that is not there, is for another machine or lacks a library
 * does not get as far as its own exit code. That DTLS and RTP work is another matter (proof.ts).
 */
export async function runs(path: string): Promise<boolean> {
  const child = spawn(path, [], { env: {}, stdio: 'ignore', timeout: ANSWERS_WITHIN_MS, killSignal: 'SIGKILL' });
  return await new Promise((done) => {
    child.once('error', () => done(false));
    child.once('exit', (code) => done(code === RUNS));
  });
}
