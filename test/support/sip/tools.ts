/** Sees to the programs of other makers that the SIP engine and media are tried against. */
import { installPackages } from '../../../media/worker/debian.ts';
import { run, type Outcome } from '../checks.ts';

/** Debian's package of each program. */
const PACKAGES: Record<string, string> = {
  sipp: 'sip-tester',
  sipsak: 'sipsak',
  baresip: 'baresip',
  kamailio: 'kamailio',
  openssl: 'openssl',
  turnserver: 'coturn',
  ffmpeg: 'ffmpeg',
};

/** Those of the programs that are not on this machine. */
export async function missingTools(): Promise<string[]> {
  const found = await Promise.all(
    Object.keys(PACKAGES).map(async (program) => ({ program, ...(await run('sh', ['-c', `command -v ${program}`])) })),
  );
  return found.filter(({ code }) => code !== 0).map(({ program }) => program);
}

/**
 * Takes the programs of this machine; as root on Debian installs those that are not there.
 * Without them their tests are skipped, which is no failure.
 */
export async function provideSipTools(log: (message: string) => void): Promise<Outcome> {
  const missing = await missingTools();
  if (missing.length === 0) return { passed: true, complaint: '' };
  const packages = missing.map((program) => PACKAGES[program] as string);
  log(`Missing: ${missing.join(', ')}. As root on Debian, they are installed, once.`);
  await installPackages(packages);
  const still = await missingTools();
  if (still.length === 0) return { passed: true, complaint: '' };
  return {
    passed: true,
    complaint:
      `Tests against ${still.join(', ')} are skipped. ` +
      `Install them (on Debian: apt-get install ${still.map((program) => PACKAGES[program]).join(' ')}).`,
  };
}
