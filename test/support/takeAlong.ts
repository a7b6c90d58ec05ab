/** Ends what a test started, however the test itself ends. */
import { spawn, type ChildProcess } from 'node:child_process';

/**
 * From now on the child ends with this process, though this one is killed (SIGKILL) and the child is paused. A guard
 * (one `sh`) waits on a pipe from this process: it closes in any case, and the guard ends the child. Without a shell
 * nobody does.
 */
export function takeAlong(child: ChildProcess): void {
  const guard = spawn('sh', ['-c', 'read -r _; kill -KILL "$0"', String(child.pid)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    // Ctrl-C is not for it.
    detached: true,
  });
  guard.on('error', () => {});
  for (const handle of [guard, guard.stdin as { unref?: () => void }]) handle.unref?.();
  // Its process number may soon be somebody else's.
  child.once('exit', () => guard.kill('SIGKILL'));
}
