/**
 * `npm run flood [-- KIND…] [--seconds N] [--rate N]`: a minute of each kind of message from one address and a minute
 * from 200, 10,000 a second, on the engine with an application that answers. The exit code is 0 only when memory
 * stayed bounded, 99 of 100 calls were answered, also of callers nobody knew and of calls out, and no call that stood was lost.
 */
import { parseArgs } from 'node:util';
import { startAnswering } from '../../support/sip/answering.ts';
import { KINDS, type Kind } from './datagrams.ts';
import { flood, isGood } from './flood.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seconds: { type: 'string', default: '60' }, rate: { type: 'string', default: '10000' } },
});
const seconds = Number(values.seconds);
const rate = Number(values.rate);
const unknown = positionals.filter((kind) => !KINDS.some((known) => known === kind));
if (unknown.length > 0 || !(seconds > 0) || !(rate > 0)) {
  console.error(`Say what to flood with: npm run flood -- [${KINDS.join('|')}] [--seconds N] [--rate N]`);
  process.exit(2);
}
const kinds = positionals.length > 0 ? (positionals as Kind[]) : KINDS;
const mega = (bytes: number) => `${Math.round(bytes / 1024 / 1024)} MB`;

const answering = await startAnswering();
for (const kind of kinds) {
  for (const addresses of [1, 200]) {
    const report = await flood(answering, { kind, addresses, seconds, rate });
    const good = isGood(report);
    if (!good) process.exitCode = 1;
    console.log(
      `${good ? '✓' : '✗'} ${kind} from ${addresses === 1 ? 'one address' : `${addresses} addresses`}: ` +
        `${Math.round(report.sent / seconds)} a second; ${report.answered} of ${report.calls} calls answered, ` +
        `${report.newAnswered} of ${report.newCalls} of new callers, ${report.outAnswered} of ${report.callsOut} calls out, ` +
        `${report.untouched} of ${report.held} standing calls untouched; at most ${report.transactions} transactions, ` +
        `memory ${mega(report.peak)} at most, ${mega(report.growth)} more than before`,
    );
    if (!good) console.log(report.complaints.slice(0, 1000));
  }
}
const after = await answering.state('swept');
console.log(`Afterwards: ${JSON.stringify(after.load)}, memory ${mega(after.rss)}, of it ${mega(after.held)} held`);
await answering.stop();
