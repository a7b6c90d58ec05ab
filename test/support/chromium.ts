/** Sees to a Chromium before the browser tests. */
import { findChromium } from './browser.ts';
import { run, type Outcome } from './checks.ts';

const PACKAGES = ['chromium', 'fonts-noto-core', 'fonts-liberation'];

/** Takes the Chromium of this machine; as root on Debian installs one where there is none. */
export async function provideChromium(log: (message: string) => void): Promise<Outcome> {
  if (findChromium() !== null) return { passed: true, complaint: '' };
  const missing =
    `Chromium is missing. Install it (on Debian: apt-get install ${PACKAGES.join(' ')}), ` +
    `or say with CHROMIUM_PATH where it is.`;
  if (process.getuid?.() !== 0 || (await run('apt-get', ['--version'])).code !== 0) {
    return { passed: false, complaint: missing };
  }
  log('Installing Chromium from Debian, once.');
  const quiet = { DEBIAN_FRONTEND: 'noninteractive' };
  const update = await run('apt-get', ['update', '-q'], quiet);
  const install = await run('apt-get', ['install', '-y', '-q', '--no-install-recommends', ...PACKAGES], quiet);
  if (findChromium() !== null) return { passed: true, complaint: '' };
  return { passed: false, complaint: `${missing}\n${update.output.slice(-1000)}\n${install.output.slice(-1500)}` };
}
