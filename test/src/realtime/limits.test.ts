/** How many may connect and how fast, how much one may say, and clocks that jump. */
import { describe, expect, it, onTestFinished } from 'vitest';
import { Admission } from '../../../src/realtime/admission.ts';
import { Buckets } from '../../../src/realtime/buckets.ts';
import { networkOf } from '../../../src/registration/address.ts';
import { openRealtime, type RealtimeBench } from './bench.ts';

async function open(more?: Parameters<typeof openRealtime>[0]): Promise<RealtimeBench> {
  const bench = await openRealtime(more);
  onTestFinished(() => bench.close());
  return bench;
}

/** What an upgrade that is refused is answered: its status and headers. */
async function refusedUpgrade(bench: RealtimeBench): Promise<string> {
  const socket = await bench.raw({ allowHalfOpen: true });
  const key = Buffer.from('sixteen bytes !!').toString('base64');
  socket.write(
    `GET /connect HTTP/1.1\r\nHost: couchline\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
      `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}\r\n\r\n`,
  );
  let said = '';
  for await (const chunk of socket) said += String(chunk);
  return said;
}

describe('[M4] a token bucket', () => {
  const buckets = () => new Buckets({ burst: 3, perSecond: 2 });
  const take = (of: Buckets, times: number, now: number) => Array.from({ length: times }, () => of.take('sam', now));

  it('gives a burst, then so many a second, to each key its own', () => {
    const some = buckets();
    expect(take(some, 4, 0)).toEqual([true, true, true, false]);
    expect(some.take('priya', 0)).toBe(true);
    expect(take(some, 2, 500)).toEqual([true, false]);
    expect(take(some, 4, 10_000)).toEqual([true, true, true, false]);
  });

  it('a clock set back gives nothing and takes nothing; from there it fills as ever', () => {
    const some = buckets();
    take(some, 3, 60_000);
    expect(some.take('sam', 0)).toBe(false);
    expect(take(some, 2, 500)).toEqual([true, false]);
  });

  it('a clock set forward by a year gives one burst', () => {
    const some = buckets();
    take(some, 3, 0);
    expect(take(some, 4, 31_536_000_000)).toEqual([true, true, true, false]);
  });

  it('forgets the full and keeps the others', () => {
    const some = buckets();
    take(some, 3, 0);
    some.take('priya', 0);
    some.sweep(500);
    expect(some.size).toBe(1);
    some.sweep(1500);
    expect(some.size).toBe(0);
  });
});

describe('[M4] admission', () => {
  it('so many in all, so many from one address; a place that is given back may be taken again', () => {
    const admission = new Admission({ max: 3, perAddress: 2, ratePerAddress: 0 });
    expect(['10.0.0.1', '10.0.0.1', '10.0.0.1'].map((one) => admission.admit(one, 0))).toEqual([null, null, 'address']);
    expect(['10.0.0.2', '10.0.0.3'].map((one) => admission.admit(one, 0))).toEqual([null, 'full']);
    admission.release('10.0.0.1');
    expect(admission.admit('10.0.0.3', 0)).toBeNull();
  });

  it('so many new ones a second from one address, ten seconds’ worth at once', () => {
    const admission = new Admission({ max: 0, perAddress: 0, ratePerAddress: 2 });
    const tries = (count: number, now: number) =>
      Array.from({ length: count }, () => admission.admit('10.0.0.1', now)).filter((one) => one === null).length;
    expect(tries(30, 0)).toBe(20);
    expect(tries(30, 1_000)).toBe(2);
    expect(admission.admit('10.0.0.2', 1_000)).toBeNull();
  });

  it('0 is no limit', () => {
    const admission = new Admission({ max: 0, perAddress: 0, ratePerAddress: 0 });
    expect(Array.from({ length: 20_000 }, () => admission.admit('127.0.0.1', 0)).every((one) => one === null)).toBe(
      true,
    );
  });

  it('a home with IPv6 counts as one, however many addresses it has', () => {
    expect(networkOf('2001:db8:1:2::7')).toBe(networkOf('2001:db8:1:2:3:4:5:6'));
    expect(networkOf('2001:db8:1:3::7')).not.toBe(networkOf('2001:db8:1:2::7'));
    expect(networkOf('::ffff:192.0.2.7')).toBe('192.0.2.7');
  });
});

describe('[M4] the endpoint when there is no room', () => {
  it('in all: 503 and when to come back; the place of one who left is free', async () => {
    const bench = await open({ limits: { max: 1, perAddress: 0, ratePerAddress: 0 } });
    const first = await bench.connect();
    expect(await refusedUpgrade(bench)).toMatch(/^HTTP\/1.1 503 [^]*\r\nRetry-After: 5\r\n[^]*MAX_CONNECTIONS/);
    expect(bench.counted).toContain('turnedAway full');
    first.socket.close();
    await first.closed;
    await expect.poll(() => bench.endpoint.figures().unregistered).toBe(0);
    await bench.connect();
  });

  it('from one address: 429 and when to come back', async () => {
    const bench = await open({ limits: { max: 0, perAddress: 1, ratePerAddress: 0 } });
    await bench.connect();
    expect(await refusedUpgrade(bench)).toMatch(/^HTTP\/1.1 429 [^]*\r\nRetry-After: 5\r\n[^]*CONNECTIONS_PER_ADDRESS/);
  });

  it('too fast from one address: 429, and a second later it is let in', async () => {
    const bench = await open({ limits: { max: 0, perAddress: 0, ratePerAddress: 1 } });
    for (let n = 0; n < 10; n += 1) await bench.connect();
    expect(await refusedUpgrade(bench)).toMatch(/^HTTP\/1.1 429 [^]*CONNECT_RATE_PER_ADDRESS/);
    bench.moveElapsed(1_000);
    await bench.connect();
  });

  it('keeps no connection of those it turns away, though they keep their side open', async () => {
    const bench = await open({ limits: { max: 1, perAddress: 0, ratePerAddress: 0 } });
    await bench.connect();
    for (let n = 0; n < 20; n += 1) expect(await refusedUpgrade(bench)).toMatch(/^HTTP\/1.1 503 /);
    await expect.poll(() => bench.sockets()).toBe(1);
  });

  it('an upgrade that is no WebSocket takes no place', async () => {
    const bench = await open({ limits: { max: 1, perAddress: 0, ratePerAddress: 0 } });
    const socket = await bench.raw();
    socket.write('GET /connect HTTP/1.1\r\nHost: couchline\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
    let said = '';
    for await (const chunk of socket) said += String(chunk);
    expect(said).toMatch(/^HTTP\/1.1 400 /);
    await bench.connect();
  });
});

describe('[M4] clocks that jump', () => {
  it('the date set an hour forward or back ends no connection and gives nobody more to say', async () => {
    const bench = await open();
    const tv = await bench.tv('living-room');
    for (const hours of [1, -2, 1]) {
      bench.moveDate(hours * 3_600_000);
      bench.endpoint.sweep();
      tv.say({ id: `after-${hours}`, type: 'ping' });
      await tv.hears('pong', `after-${hours}`);
    }
    // Two of its eighty were spent to register and to ask whether it may; no time has passed since.
    for (let n = 0; n < 80; n += 1) tv.say({ id: `${n}`, type: 'ping' });
    await tv.hears('refused');
    expect(bench.endpoint.figures().tv).toBe(1);
  });

  it('a process that stood still for minutes first reads what came meanwhile', async () => {
    const bench = await open();
    const tv = await bench.tv('living-room');
    const gone = await bench.tv('bedroom');
    bench.moveElapsed(300_000);
    bench.endpoint.sweep();
    tv.say({ id: 'was-there-all-along', type: 'ping' });
    await tv.hears('pong', 'was-there-all-along');
    bench.moveElapsed(5_000);
    bench.endpoint.sweep();
    await gone.closed;
    expect(bench.endpoint.figures().tv).toBe(1);
    expect(bench.counted).toContain('closed silent');
  });

  it('one that does not register in time is closed with 4000', async () => {
    const bench = await open();
    const stranger = await bench.connect();
    bench.moveElapsed(10_001);
    bench.endpoint.sweep();
    expect(await stranger.closed).toBe(4000);
  });
});
