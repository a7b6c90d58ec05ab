/** Sees to a Chromium before the browser tests. */
import { installPackages } from '../../media/worker/debian.ts';
import { findChromium } from './browser.ts';
import type { Outcome } from './checks.ts';

const PACKAGES = ['chromium', 'fonts-noto-core', 'fonts-liberation'];

/** Takes the Chromium of this machine; as root on Debian installs one where there is none. */
export async function provideChromium(log: (message: string) => void): Promise<Outcome> {
  if (findChromium() !== null) return { passed: true, complaint: '' };
  const missing =
    `Chromium is missing. Install it (on Debian: apt-get install ${PACKAGES.join(' ')}), ` +
    `or say with CHROMIUM_PATH where it is.`;
  log('Chromium is missing. As root on Debian, it is installed, once.');
  const said = await installPackages(PACKAGES);
  if (findChromium() !== null) return { passed: true, complaint: '' };
  return { passed: false, complaint: said === null ? missing : `${missing}\n${said}` };
}
