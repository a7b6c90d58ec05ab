import { describe, expect, it } from 'vitest';
import { Dialog } from '../../../../sip/engine/dialogs/dialog.ts';
import { Dialogs } from '../../../../sip/engine/dialogs/dialogs.ts';
import { PaperFlow, request, response } from '../../../support/sip/paperFlow.ts';

const flow = new PaperFlow();
const routes = { 'Record-Route': '<sip:p1.example.com;lr>, <sip:p2.example.com;lr>' };

const asked = (changes: Record<string, string> = {}) =>
  Dialog.answering(request('INVITE', changes), 'b', '<sip:bob@192.0.2.1>', flow, 'application');
const asking = (changes: Record<string, string> = {}) =>
  Dialog.asking(
    request('INVITE'),
    response(200, 'INVITE', { Contact: '<sip:bob@192.0.2.4>', ...changes }),
    flow,
    'application',
  );

describe('how a dialog begins', () => {
  it('[RFC 3261 12.1.1] at who was asked: tags, target, and the routes in their order', () => {
    expect(asked(routes)).toMatchObject({
      id: 'c1;from-tag=a',
      localTag: 'b',
      remoteTag: 'a',
      remoteTarget: 'sip:alice@192.0.2.99',
      routes: ['<sip:p1.example.com;lr>', '<sip:p2.example.com;lr>'],
      localAddress: '<sip:bob@example.com>;tag=b',
      remoteSequence: 1,
      state: 'early',
    });
  });

  it('[RFC 3261 12.1.2] at who asked: the routes backwards, and the numbers go on', () => {
    const dialog = asking(routes);
    expect(dialog).toMatchObject({
      id: 'c1;from-tag=a',
      localTag: 'a',
      remoteTag: 'b',
      remoteTarget: 'sip:bob@192.0.2.4',
      routes: ['<sip:p2.example.com;lr>', '<sip:p1.example.com;lr>'],
    });
    expect(dialog.nextSequence()).toBe(2);
  });

  it('[RFC 3261 12.2.1.1] a client of RFC 2543 has no tag', () => {
    expect(asked({ From: '<sip:alice@example.com>' }).remoteTag).toBe('');
  });
});

describe('where a request in a dialog goes', () => {
  it('[RFC 3261 12.2.1.1] without routes to the target', () => {
    expect(asked().route()).toEqual({ uri: 'sip:alice@192.0.2.99', routes: [] });
  });

  it('[RFC 3261 12.2.1.1] by loose routes: the target in the first line', () => {
    expect(asked(routes).route()).toEqual({
      uri: 'sip:alice@192.0.2.99',
      routes: ['<sip:p1.example.com;lr>', '<sip:p2.example.com;lr>'],
    });
  });

  it('[RFC 3261 12.2.1.1] by a strict route: the route in the first line, the target last', () => {
    expect(asked({ 'Record-Route': '<sip:p1.example.com>, <sip:p2.example.com;lr>' }).route()).toEqual({
      uri: 'sip:p1.example.com',
      routes: ['<sip:p2.example.com;lr>', '<sip:alice@192.0.2.99>'],
    });
  });

  it('[RFC 3261 12.2.2] a Contact moves the target, none leaves it', () => {
    const dialog = asked();
    dialog.refreshTarget(request('INVITE', { Contact: '<sip:alice@198.51.100.1:5070>' }).headers);
    expect(dialog.remoteTarget).toBe('sip:alice@198.51.100.1:5070');
    dialog.refreshTarget(response(200, 'UPDATE', { Contact: '<sip:alice@192.0.2.8>' }).headers);
    expect(dialog.remoteTarget).toBe('sip:alice@192.0.2.8');
  });
});

describe('which dialog a message belongs to', () => {
  it('[RFC 3261 12.2.2] Call-ID and both tags tell; forged tags find none', () => {
    const dialogs = new Dialogs<string>();
    const dialog = asked();
    dialogs.add(dialog);
    const to = (tag: string) => ({ To: `<sip:bob@example.com>;tag=${tag}` });
    expect(dialogs.ofRequest(request('BYE', to('b')).headers)).toBe(dialog);
    expect(dialogs.ofRequest(request('BYE', to('x')).headers)).toBeUndefined();
    expect(
      dialogs.ofRequest(request('BYE', { ...to('b'), From: '<sip:alice@example.com>;tag=x' }).headers),
    ).toBeUndefined();
    expect(dialogs.ofRequest(request('BYE', { ...to('b'), 'Call-ID': 'c2' }).headers)).toBeUndefined();
    expect(dialogs.ofRequest(request('BYE').headers)).toBeUndefined();
    dialogs.remove(dialog);
    dialogs.remove(dialog);
    expect(dialogs.ofRequest(request('BYE', to('b')).headers)).toBeUndefined();
    expect(dialogs.size).toBe(0);
  });

  it('two forks have one name, and it means the one that was added last', () => {
    const dialogs = new Dialogs<string>();
    const [one, other] = [asking(), asking({ To: '<sip:bob@example.com>;tag=b2' })];
    dialogs.add(one);
    dialogs.add(other);
    expect(dialogs.byId('c1;from-tag=a')).toBe(other);
    dialogs.add(one);
    dialogs.remove(other);
    expect(dialogs.byId('c1;from-tag=a')).toBe(one);
  });

  it('[RFC 6665 4.1.2] a subscription that nobody refreshes is forgotten, a session is not', () => {
    const dialogs = new Dialogs<string>();
    const session = asked();
    const subscription = Dialog.answering(request('SUBSCRIBE', { 'Call-ID': 'c2' }), 'b', '', flow, 'application');
    subscription.expiresAt = 1000;
    dialogs.add(session);
    dialogs.add(subscription);
    dialogs.removeExpired(999);
    expect(dialogs.size).toBe(2);
    dialogs.removeExpired(1000);
    expect(dialogs.size).toBe(1);
    expect(subscription.state).toBe('terminated');
  });
});
