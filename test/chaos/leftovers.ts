/** What a run leaves behind that was killed itself (SIGKILL): its folder, and the disk that is mounted on it. */
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const NAME = /^couchline-chaos-(\d+)-/;

/** @returns a new folder that says whose it is */
export async function ownFolder(parent = tmpdir()): Promise<string> {
  return await mkdtemp(join(parent, `couchline-chaos-${process.pid}-`));
}

/** Unmounts and removes the folders of runs that live no more. @returns which they were */
export async function clearLeftovers(parent = tmpdir()): Promise<string[]> {
  const names = (await readdir(parent)).filter((name) => {
    const pid = Number(NAME.exec(name)?.[1] ?? 0);
    return pid > 0 && !isAlive(pid);
  });
  for (const name of names) {
    const folder = join(parent, name);
    // Where nothing is mounted it refuses, and there is nothing to unmount.
    await run('umount', ['--lazy', folder]).catch(() => {});
    await rm(folder, { recursive: true, force: true });
  }
  return names;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Somebody else's process is alive, too.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
