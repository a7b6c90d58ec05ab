/**
 * `npm install` ends with this, and `npm run worker` runs it alone: afterwards a mediasoup worker is
 * there that works on this machine, or it was said what is missing.
 *
 *     --if-possible   a worker that cannot be had is no failure: the service starts without one
 *     --from-source   builds it, whatever is there or could be downloaded
 */
import { homedir } from 'node:os';
import { join } from 'node:path';
import { findWorker } from './findWorker.ts';
import { provideWorker, type Provided } from './provideWorker.ts';

const HOW: Record<Extract<Provided, { how: string }>['how'], string> = {
  there: 'is there',
  cache: 'was taken from the cache',
  download: 'was downloaded',
  build: 'was built from source',
};

const environment = process.env;
const setting = environment.MEDIASOUP_WORKER_BIN || null;
const caches = environment.XDG_CACHE_HOME || join(homedir(), '.cache');
const log = (message: string) => console.log(message);

const provided =
  setting === null
    ? await provideWorker({
        cacheFolder: environment.COUCHLINE_CACHE_DIR || join(caches, 'couchline'),
        fromSource: process.argv.includes('--from-source'),
        log,
      })
    : // Somebody has their own; mediasoup's script takes its hands off as well.
      await findWorker(setting);

if ('missing' in provided) fail(provided.missing);
else if ('how' in provided) {
  log(`The media worker ${HOW[provided.how]}.`);
  const { proof } = provided;
  if (proof.result === 'proven') log('It shook hands by DTLS and heard RTP.');
  else fail(`Whether it works is not known: ${proof.why}. "npm test -- media" tells more.`);
} else log(`The media worker is ${provided.path}.`);

function fail(sentence: string): void {
  console.error(sentence);
  process.exitCode = process.argv.includes('--if-possible') ? 0 : 1;
}
