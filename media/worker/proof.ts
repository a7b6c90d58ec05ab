/** Has a worker proven (prove.ts), in a process of its own: a worker that crashes takes nothing along. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** A slow machine takes some seconds. */
const WITHIN_MS = 60_000;
const script = fileURLToPath(new URL('prove.ts', import.meta.url));

/**
 * @param path of the binary
 * @returns null when it shook hands by DTLS and heard RTP, else the reason why that is not known
 */
export async function whyNotProven(path: string): Promise<string | null> {
  try {
    await promisify(execFile)(process.execPath, [script, path], { timeout: WITHIN_MS, killSignal: 'SIGKILL' });
    return null;
  } catch (error) {
    const { killed, stderr } = error as { killed: boolean; stderr: string };
    if (killed) return `it took longer than ${WITHIN_MS / 1000} seconds`;
    // Node says why a script ended in a line like "Error: why", among the code that was running.
    return /^\w*Error.*?: (.*)$/m.exec(stderr)?.[1] ?? 'its trial ended without a word';
  }
}
