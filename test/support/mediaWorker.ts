/** Sees to a mediasoup worker before the tests of media. */
import { run, type Outcome } from './checks.ts';

/** Takes the worker that `npm install` left; gets or builds one where there is none, which takes minutes. */
export async function provideMediaWorker(): Promise<Outcome> {
  const { code, output } = await run(process.execPath, ['media/worker/install.ts']);
  return { passed: code === 0, complaint: code === 0 ? '' : output };
}
