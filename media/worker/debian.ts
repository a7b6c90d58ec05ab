/** Debian's packages. */
import { run } from './run.ts';

/** Another apt may be at work; it is waited for. */
const OPTIONS = ['-o', 'DPkg::Lock::Timeout=300', '-y', '-q'];

/**
 * Installs packages, where this is root on a Debian or one of its kin.
 * @returns what apt said, whether or not it succeeded; null where it cannot be asked
 */
export async function installPackages(packages: readonly string[]): Promise<string | null> {
  if (process.getuid?.() !== 0 || (await run('apt-get', ['--version'])).code !== 0) return null;
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  const update = await run('apt-get', ['update', ...OPTIONS], { env });
  const install = await run('apt-get', ['install', ...OPTIONS, '--no-install-recommends', ...packages], { env });
  return [...update.lines.slice(-10), ...install.lines.slice(-20)].join('\n');
}
