/** What building the worker needs on the machine, and Debian's packages of it. */
import { installPackages } from './debian.ts';
import { REQUIREMENTS, type Requirement } from './recipe.ts';
import { run } from './run.ts';

/** The Debian packages of what is not there. */
async function missingPackages(): Promise<string[]> {
  const there = await Promise.all(REQUIREMENTS.map(isThere));
  return REQUIREMENTS.filter((_, index) => there[index] === false).map(({ debian }) => debian);
}

async function isThere(requirement: Requirement): Promise<boolean> {
  const { code } =
    'program' in requirement
      ? await run('sh', ['-c', 'command -v "$0"', requirement.program])
      : await run('pkg-config', ['--exists', requirement.library]);
  return code === 0;
}

/**
 * Sees to what the build needs; installs Debian's packages where this is root on a Debian.
 * @returns the packages that are missing still
 */
export async function provideRequirements(log: (message: string) => void): Promise<string[]> {
  const missing = await missingPackages();
  if (missing.length === 0) return [];
  log(`Building it needs ${missing.join(', ')}: as root on Debian, they are installed, once.`);
  await installPackages(missing);
  return await missingPackages();
}
