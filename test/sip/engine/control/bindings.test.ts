import { beforeEach, describe, expect, it } from 'vitest';
import { Bindings } from '../../../../sip/engine/control/bindings.ts';
import { parseUri } from '../../../../sip/engine/messages/uri.ts';
import type { TransportProtocol } from '../../../../sip/engine/transports/flow.ts';
import { HandClock } from '../../../support/sip/handClock.ts';
import { PaperFlow, request, response } from '../../../support/sip/paperFlow.ts';

let clock: HandClock;
let bindings: Bindings;

beforeEach(() => {
  clock = new HandClock();
  bindings = new Bindings(clock);
});

/** @param contact what `flow` registers for `who`, and is granted for so many seconds */
function register(who: string, flow: PaperFlow, contact: string, seconds = 600): void {
  const asked = request('REGISTER', { To: `<sip:${who}@example.com>`, Contact: contact, Expires: String(seconds) });
  bindings.granted(asked, response(200, 'REGISTER'), flow);
}

const found = (uri: string) => bindings.find(parseUri(uri));

describe('what is bound to the connection that registered it', () => {
  it('[RFC 7118 5.2] a name that leads nowhere, whatever its parameters', () => {
    const flow = new PaperFlow('wss');
    register('bob', flow, '<sip:q1w2@df7jal23ls0d.invalid;transport=ws>');
    expect(found('sip:q1w2@df7jal23ls0d.invalid;transport=ws;ob')).toBe(flow);
  });

  it.each<[TransportProtocol, string]>([
    ['tcp', 'sip:bob@192.0.2.99:5070;transport=TCP'],
    ['tls', 'sip:bob@192.0.2.99;transport=tls'],
    ['tls', 'sips:bob@192.0.2.99'],
    ['ws', 'sip:bob@192.0.2.99:4711;transport=ws'],
    ['wss', 'sip:bob@192.0.2.99:4711;transport=ws'],
    ['wss', 'sips:bob@192.0.2.99:4711;transport=ws'],
  ])('[RFC 5626] over %s its own address by its own transport: %s', (protocol, contact) => {
    const flow = new PaperFlow(protocol);
    register('bob', flow, `<${contact}>`);
    expect(found(contact)).toBe(flow);
  });

  it.each<[TransportProtocol, string, string]>([
    ['tcp', 'sip:bob@192.0.2.7:5070;transport=tcp', 'an address of somebody else'],
    ['tcp', 'sip:bob@example.com;transport=tcp', 'a name that leads somewhere'],
    ['tcp', 'sip:bob@192.0.2.99:5070', 'its own address over UDP, which another there may have'],
    ['ws', 'sip:bob@192.0.2.99:5070;transport=tcp', 'another transport'],
    ['udp', 'sip:bob@df7jal23ls0d.invalid', 'what was registered without a connection'],
  ])('over %s not %s: %s', (protocol, contact) => {
    register('bob', new PaperFlow(protocol), `<${contact}>`);
    expect(found(contact)).toBeUndefined();
    expect(bindings.size).toBe(0);
  });

  it('by user, and for calls by that transport alone', () => {
    register('bob', new PaperFlow('tcp'), '<sip:bob@192.0.2.99:5070;transport=tcp>');
    expect(found('sip:bob@192.0.2.99:5070')).toBeUndefined();
    expect(found('sip:carol@192.0.2.99:5070;transport=tcp')).toBeUndefined();
  });
});

describe('what another connection registers as well', () => {
  const contact = '<sip:bob@df7jal23ls0d.invalid;transport=ws>';
  const uri = 'sip:bob@df7jal23ls0d.invalid;transport=ws';
  const phone = new PaperFlow('ws');

  it('is taken over by the same address of record: the phone connected anew', () => {
    const again = new PaperFlow('ws');
    register('bob', phone, contact);
    register('bob', again, contact);
    expect(found(uri)).toBe(again);
    bindings.flowClosed(phone);
    expect(found(uri)).toBe(again);
  });

  it('is not taken over by somebody else while the phone has no connection', () => {
    const [mallory, again] = [new PaperFlow('ws'), new PaperFlow('ws')];
    register('bob', phone, contact);
    bindings.flowClosed(phone);
    expect(found(uri)).toBeUndefined();
    register('mallory', mallory, contact);
    expect(found(uri)).toBeUndefined();
    register('bob', again, contact);
    expect(found(uri)).toBe(again);
  });

  it('is not taken over by somebody else, nor taken away', () => {
    const mallory = new PaperFlow('ws');
    register('bob', phone, contact);
    register('mallory', mallory, contact);
    expect(found(uri)).toBe(phone);
    register('mallory', mallory, contact, 0);
    register('mallory', mallory, '*', 0);
    expect(found(uri)).toBe(phone);
  });

  it('is anybody’s once it has expired', () => {
    const carol = new PaperFlow('ws');
    register('bob', phone, contact, 60);
    clock.turn(60_000);
    register('carol', carol, contact);
    expect(found(uri)).toBe(carol);
  });
});

describe('for how long', () => {
  it.each([
    [
      'as its own parameter in the answer says',
      '<sip:bob@h.invalid>;expires=100',
      { Contact: '<sip:bob@h.invalid>;expires=50' },
    ],
    ['as the answer says for all', '<sip:bob@h.invalid>;expires=100', { Expires: '50' }],
    ['as was asked for, where the answer says nothing', '<sip:bob@h.invalid>;expires=50', {}],
  ])('[RFC 3261 10.3] %s', (_how, contact, answer) => {
    const flow = new PaperFlow('tcp');
    const asked = request('REGISTER', { Contact: contact, Expires: '200' });
    bindings.granted(asked, response(200, 'REGISTER', { Contact: '<sip:other@h.invalid>;expires=9', ...answer }), flow);
    clock.turn(49_999);
    expect(found('sip:bob@h.invalid')).toBe(flow);
    clock.turn(1);
    expect(found('sip:bob@h.invalid')).toBeUndefined();
  });
});

describe('what is forgotten', () => {
  const uris = (count: number) => Array.from({ length: count }, (_, at) => `sip:line${at}@h.invalid`);
  const contacts = (count: number) =>
    uris(count)
      .map((uri) => `<${uri}>`)
      .join(', ');

  it('[RFC 3261 10.2.2] what is registered for no time, and by "*" all of that address of record', () => {
    const flow = new PaperFlow('tcp');
    register('bob', flow, contacts(3));
    register('carol', flow, '<sip:carol@h.invalid>');
    register('bob', flow, '<sip:line1@h.invalid>', 0);
    expect(bindings.size).toBe(3);
    register('bob', flow, '*', 0);
    expect(found('sip:carol@h.invalid')).toBe(flow);
    expect(bindings.size).toBe(1);
  });

  it('what has expired, though nobody calls it, and no timer stays behind', () => {
    register('bob', new PaperFlow('tcp'), contacts(50), 30);
    register('carol', new PaperFlow('tcp'), '<sip:carol@h.invalid>', 90);
    clock.turn(60_000);
    expect(bindings.size).toBe(1);
    clock.turn(60_000);
    expect(bindings.size).toBe(0);
    expect(clock.running).toBe(0);
  });

  it('with its connection all that came by it, and nothing else', () => {
    const [flow, other] = [new PaperFlow('tcp'), new PaperFlow('tcp')];
    register('bob', flow, contacts(50));
    register('carol', other, '<sip:carol@h.invalid>');
    bindings.flowClosed(flow);
    expect(bindings.size).toBe(1);
    bindings.flowClosed(other);
    expect(bindings.size).toBe(0);
    clock.turn(660_000);
    expect(clock.running).toBe(0);
  });

  it('no timer, once everything is closed', () => {
    register('bob', new PaperFlow('tcp'), contacts(1));
    bindings.close();
    expect(clock.running).toBe(0);
  });

  it('of a connection that registers ever more, what it refreshed longest ago', () => {
    const flow = new PaperFlow('tcp');
    const all = uris(150);
    for (const uri of all) {
      register('mallory', flow, `<${uri}>`);
      register('mallory', flow, `<${all[0]}>`);
    }
    expect(bindings.size).toBe(100);
    expect(all.filter((uri) => found(uri) !== undefined)).toEqual([all[0], ...all.slice(-99)]);
  });

  it('of all connections likewise', () => {
    const flows = Array.from({ length: 1001 }, () => new PaperFlow('tcp'));
    for (const [at, flow] of flows.entries()) register('bob', flow, contacts(100).replaceAll('@', `@${at}.`));
    expect(bindings.size).toBe(100_000);
    expect(found('sip:line0@0.h.invalid')).toBeUndefined();
    expect(found('sip:line0@1.h.invalid')).toBe(flows[1]);
    expect(found('sip:line99@1000.h.invalid')).toBe(flows[1000]);
  });
});
