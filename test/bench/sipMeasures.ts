/**
 * `npm run bench -- --sip`: what the SIP engine costs together with a drachtio-srf application in its
 * process, in figures without a peer: registrations per CPU second, memory per registered WebSocket and per established
 * dialog, memory before and after many calls.
 */
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { startAnswering, type Answering, type AnsweringState } from '../support/sip/answering.ts';
import { Peer } from '../support/sip/peer.ts';
import { startSipp } from '../support/sip/sipp.ts';

const CALLS = 100_000;
const REGISTRATIONS = 10_000;
const WEB_SOCKETS = 2000;
const DIALOGS = 4000;
/** Calls until code is compiled and memory has its size. */
const FIRST_CALLS = 6000;
const CALLS_A_SECOND = 300;
/** Requests that wait for their answers at once. */
const WINDOW = 50;

/** Measures and tells, one after the other. */
export async function measureSip(): Promise<void> {
  const answering = await startAnswering();
  await callMany(answering, FIRST_CALLS);

  const before = await settled(answering);
  await callMany(answering, CALLS);
  const after = await settled(answering);
  console.log(
    `${CALLS.toLocaleString('en')} calls at ${CALLS_A_SECOND} a second: ${told(before)} before, ${told(after)} after`,
  );

  console.log(`registrations: ${Math.round(await registrationsPerCpuSecond(answering))} per CPU second, over UDP`);
  await settled(answering);
  console.log(`established dialog: ${kilo(await bytesPerDialog(answering))} of heap and buffers`);
  const { held, rss } = await bytesPerWebSocket(answering);
  console.log(`registered WebSocket: ${kilo(held)} of heap and buffers, ${kilo(rss)} of resident memory`);
  await answering.stop();
}

/** @throws Error when a call fails: figures of failed calls tell nothing */
async function callMany(answering: Answering, calls: number): Promise<void> {
  const within = 60 + (2 * calls) / CALLS_A_SECOND;
  const sipp = await startSipp({ scenario: 'uac', to: answering.udp, calls, rate: CALLS_A_SECOND, within });
  const { successful, errors } = await sipp.result;
  if (successful !== calls) throw new Error(`Of ${calls} calls ${successful} were answered. ${errors.slice(0, 1000)}`);
}

/** How it is when no transaction is left. */
async function settled(answering: Answering): Promise<AnsweringState> {
  while ((await answering.state()).load.serverTransactions > 0) await pause(500);
  return answering.state('swept');
}

async function registrationsPerCpuSecond(answering: Answering): Promise<number> {
  const phone = await Peer.open('alice', answering.udp);
  let next = 0;
  const register = async () => {
    for (let number = next++; number < REGISTRATIONS; number = next++) {
      await phone.send(registration(`${number}`, phone.via(`z9hG4bKr${number}`), `<sip:u${number}@192.0.2.9>`));
      const ok = (message: { start: string; headers: readonly (readonly [string, string])[] }) =>
        message.headers.some(([name, value]) => name.toLowerCase() === 'call-id' && value === `r${number}`);
      await phone.next(ok);
    }
  };
  const { cpuSeconds } = await answering.state();
  await Promise.all(Array.from({ length: WINDOW }, register));
  const used = (await answering.state()).cpuSeconds - cpuSeconds;
  await phone.close();
  return REGISTRATIONS / used;
}

async function bytesPerDialog(answering: Answering): Promise<number> {
  const before = await answering.state('swept');
  const seconds = DIALOGS / CALLS_A_SECOND;
  const calling = await startSipp({
    scenario: 'uac',
    to: answering.udp,
    calls: DIALOGS,
    rate: CALLS_A_SECOND,
    within: 120 + 2 * seconds,
    // Long enough for the INVITEs' transactions to end.
    more: ['-d', String(Math.round(1000 * (seconds + 50))), '-l', String(2 * DIALOGS)],
  });
  while ((await answering.state()).load.dialogs < DIALOGS) await pause(500);
  const { held } = await settled(answering);
  await calling.result;
  return (held - before.held) / DIALOGS;
}

async function bytesPerWebSocket(answering: Answering): Promise<{ held: number; rss: number }> {
  await settled(answering);
  const before = await answering.state('swept');
  const browsers: WebSocket[] = [];
  for (let number = 0; number < WEB_SOCKETS; number += WINDOW) {
    const opened = Array.from({ length: WINDOW }, async (_, index) => {
      const browser = new WebSocket(answering.webSocketUrl, 'sip', { perMessageDeflate: false });
      browsers.push(browser);
      await once(browser, 'open');
      const name = `w${number + index}.invalid`;
      const via = `SIP/2.0/WS ${name};branch=z9hG4bKw${number + index};rport`;
      browser.send(registration(name, via, `<sip:alice@${name};transport=ws>`));
      await once(browser, 'message');
    });
    await Promise.all(opened);
  }
  const after = await settled(answering);
  if (after.load.bindings !== WEB_SOCKETS)
    throw new Error(`Of ${WEB_SOCKETS} browsers ${after.load.bindings} are known.`);
  for (const browser of browsers) browser.terminate();
  return { held: (after.held - before.held) / WEB_SOCKETS, rss: (after.rss - before.rss) / WEB_SOCKETS };
}

function registration(id: string, via: string, contact: string): string {
  return [
    'REGISTER sip:example.com SIP/2.0',
    `Via: ${via}`,
    `From: <sip:alice@example.com>;tag=t${id}`,
    'To: <sip:alice@example.com>',
    `Call-ID: r${id}`,
    'CSeq: 1 REGISTER',
    'Max-Forwards: 70',
    `Contact: ${contact}`,
    'Expires: 3600',
    'Content-Length: 0',
    '',
    '',
  ].join('\r\n');
}

function told({ rss, held, resources, load }: AnsweringState): string {
  const left = load.dialogs + load.serverTransactions + load.clientTransactions;
  return `${mega(held)} of heap and buffers, ${mega(rss)} resident, ${resources} sockets and timers, ${left} dialogs and transactions`;
}

function mega(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

function kilo(bytes: number): string {
  return `${(bytes / 1024).toFixed(1)} kB`;
}
