import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, it, onTestFinished } from 'vitest';

/** Starts a process that takes another along. @returns both, and whether the other lives */
async function two() {
  const script = `
    const { spawn } = await import('node:child_process');
    const { takeAlong } = await import('./test/support/takeAlong.ts');
    const other = spawn('sleep', ['600'], { stdio: 'ignore', detached: true });
    takeAlong(other);
    console.log(other.pid);
    process.stdin.on('data', () => process.exit(0));`;
  const one = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['pipe', 'pipe', 'inherit'] });
  const [said] = (await once(one.stdout, 'data')) as [Buffer];
  const other = Number(said.toString());
  const lives = () => {
    try {
      return process.kill(other, 0);
    } catch {
      return false;
    }
  };
  onTestFinished(() => void (lives() && process.kill(other, 'SIGKILL')));
  return { one, other, lives };
}

it('a child does not outlive a test that was killed, though it is paused itself', async () => {
  const { one, other, lives } = await two();
  process.kill(other, 'SIGSTOP');
  expect(lives()).toBe(true);
  one.kill('SIGKILL');
  await expect.poll(lives).toBe(false);
});

it('a child does not outlive a test that ends', async () => {
  const { one, lives } = await two();
  one.stdin.write('end\n');
  await expect.poll(lives).toBe(false);
});
