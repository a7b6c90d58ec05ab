/** Whether the service is ready, and how long its processor kept it from being so. */
import { readFileSync } from 'node:fs';

/** Milliseconds that a process was ready to run and had no processor, in all; 0 where the system does not tell. */
export function waitedForCpu(pid: number): number {
  try {
    return Math.round(Number(readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')[1]) / 1e6);
  } catch {
    return 0;
  }
}

/** What `/readyz` says. */
export async function isReady(url: string): Promise<boolean> {
  return await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(1_500) }).then(
    async (response) => {
      await response.arrayBuffer();
      return response.ok;
    },
    () => false,
  );
}
