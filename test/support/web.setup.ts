/** Runs before the browser tests: the apps as their sources are now. */
import { buildWeb } from '../../web/build.ts';

export default async function setup(): Promise<void> {
  await buildWeb(console.log);
}
