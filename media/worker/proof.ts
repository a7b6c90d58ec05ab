/** Has a worker proven (prove.ts), in a process of its own: a worker that crashes takes nothing along. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** It shook hands by DTLS and heard RTP; or it does not work; or that could not be tried. */
export type Proof = { result: 'proven' } | { result: 'untried'; why: string } | { result: 'failed'; why: string };

/** What prove.ts exits with when the worker is at fault. */
export const FAILED = 2;

/** A slow machine takes some seconds; a handshake that does not come about takes for ever. */
const WITHIN_MS = 60_000;
const script = fileURLToPath(new URL('prove.ts', import.meta.url));

/** @param path of the binary */
export async function proveWorker(path: string): Promise<Proof> {
  try {
    await promisify(execFile)(process.execPath, [script, path], { timeout: WITHIN_MS, killSignal: 'SIGKILL' });
    return { result: 'proven' };
  } catch (error) {
    const { killed, code, stderr } = error as { killed: boolean; code: unknown; stderr: string };
    if (killed) return { result: 'failed', why: `no handshake and no sound came about in ${WITHIN_MS / 1000} seconds` };
    if (code === FAILED) return { result: 'failed', why: stderr.trim() };
    // Node says why a script ended in a line like "Error: why", among the code that was running.
    const why = /^\w*Error.*?: (.*)$/m.exec(stderr)?.[1] ?? 'its trial ended without a word';
    return { result: 'untried', why };
  }
}
