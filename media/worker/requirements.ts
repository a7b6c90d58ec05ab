/** What building the worker needs on the machine, and Debian's packages of it. */
import { REQUIREMENTS, type Requirement } from './recipe.ts';
import { run } from './run.ts';

/** Another apt may be at work; it is waited for. */
const APT = ['-o', 'DPkg::Lock::Timeout=300', '-y', '-q'];

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
  if (process.getuid?.() !== 0 || (await run('apt-get', ['--version'])).code !== 0) return missing;
  log(`Installing ${missing.join(', ')} from Debian, once.`);
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  await run('apt-get', ['update', ...APT], { env });
  await run('apt-get', ['install', ...APT, '--no-install-recommends', ...missing], { env });
  return await missingPackages();
}
