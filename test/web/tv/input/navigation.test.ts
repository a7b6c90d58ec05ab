import { describe, expect, it } from 'vitest';
import { DEAF_MS, Navigation } from '../../../../web/tv/input/navigation.ts';
import type { Focusable, Scope } from '../../../../web/tv/input/navigation.ts';

const shelf: Scope = { name: 'shelf', level: 0, path: ['Shelf'] };
const prompt: Scope = { name: 'prompt', level: 2, path: ['Player', 'Help prompt'] };

/** A remote, a clock, and controls 100 wide at (column, row). */
function couch() {
  const focused = new Set<string>();
  const told: string[] = [];
  const acted: string[] = [];
  const pressed: string[] = [];
  let now = 10_000;
  let waiting: (() => void)[] = [];
  const navigation = new Navigation({
    now: () => now,
    later: (work) => void waiting.push(work),
    focused: (path, label) => void told.push(`${path.join(' › ')} › ${label}`),
    acted: (words) => void acted.push(words),
    deaf: () => undefined,
  });
  const settle = () => {
    const work = waiting;
    waiting = [];
    for (const one of work) one();
  };
  const add = (scope: Scope, label: string, column: number, row: number, more: Partial<Focusable> = {}) => {
    const away = navigation.register({
      id: label,
      scope,
      first: false,
      label,
      box: () => ({ left: column * 120, right: column * 120 + 100, top: row * 120, bottom: row * 120 + 100 }),
      setFocused: (has) => void (has ? focused.add(label) : focused.delete(label)),
      press: () => void pressed.push(label),
      ...more,
    });
    return () => {
      away();
      // What is off the screen shows no focus.
      focused.delete(label);
      settle();
    };
  };
  const wait = (ms: number) => void (now += ms);
  return { navigation, add, settle, wait, told, acted, pressed, has: () => [...focused] };
}

describe('focus', () => {
  it('[B10] exactly one thing has it, from the first moment', () => {
    const { add, settle, has } = couch();
    add(shelf, 'The Quiet Bay', 0, 0);
    add(shelf, 'Paper Birds', 1, 0, { first: true });
    settle();
    expect(has()).toEqual(['Paper Birds']);
  });

  it('[B10] arrows move it and stop at the edges', () => {
    const { navigation, add, settle, has } = couch();
    add(shelf, 'left', 0, 0, { first: true });
    add(shelf, 'right', 1, 0);
    settle();
    expect(navigation.key('left')).toBe(false);
    expect(has()).toEqual(['left']);
    expect(navigation.key('right')).toBe(true);
    expect(has()).toEqual(['right']);
    expect(navigation.key('right')).toBe(false);
    expect(navigation.key('down')).toBe(false);
    expect(has()).toEqual(['right']);
  });

  it('left and right stay in their row; up finds what is above, however far to the side', () => {
    const { navigation, add, settle, has } = couch();
    add(shelf, 'card', 0, 1, { first: true });
    add(shelf, 'Demo tools', 6, 0);
    settle();
    expect(navigation.key('right')).toBe(false);
    navigation.key('up');
    expect(has()).toEqual(['Demo tools']);
    navigation.key('down');
    expect(has()).toEqual(['card']);
  });

  it('is with the topmost screen, and comes back to where it was', () => {
    const { navigation, add, settle, has } = couch();
    add(shelf, 'a', 0, 0, { first: true });
    add(shelf, 'b', 1, 0);
    settle();
    navigation.key('right');
    const yes = add(prompt, 'Yes, get help', 0, 3, { first: true });
    settle();
    expect(has()).toEqual(['Yes, get help']);
    expect(navigation.key('up')).toBe(false);
    yes();
    expect(has()).toEqual(['b']);
  });

  it('a layer that comes again starts at its safe answer; a place is returned to as it was left', () => {
    const { navigation, add, settle, has } = couch();
    const open = () => {
      const away = [add(prompt, 'Stay', 0, 3, { first: true }), add(prompt, 'Leave', 1, 3)];
      settle();
      return () => {
        for (const one of away) one();
      };
    };
    const place = [add(shelf, 'a', 0, 0, { first: true }), add(shelf, 'b', 1, 0)];
    settle();
    navigation.key('right');
    const close = open();
    navigation.key('right');
    expect(has()).toEqual(['Leave']);
    close();
    open();
    expect(has()).toEqual(['Stay']);
    for (const one of place) one();
    expect(has()).toEqual(['Stay']);
  });

  it('goes to the first of the rest when what had it is taken away', () => {
    const { add, settle, has } = couch();
    const gone = add(shelf, 'task 1', 0, 0, { first: true });
    add(shelf, 'task 2', 1, 0);
    settle();
    gone();
    expect(has()).toEqual(['task 2']);
  });

  it('a pager takes its arrows for itself', () => {
    const { navigation, add, settle, has } = couch();
    const turned: string[] = [];
    add(shelf, 'pager', 0, 0, {
      first: true,
      arrow: (direction) => direction === 'right' && turned.push(direction) > 0,
    });
    add(shelf, 'beside', 1, 0);
    settle();
    navigation.key('right');
    expect(turned).toEqual(['right']);
    expect(has()).toEqual(['pager']);
  });
});

describe('what those who help are told', () => {
  it('[B6] every move of the focus, in the words on the screen', () => {
    const { navigation, add, settle, told } = couch();
    add(prompt, 'Yes, get help', 0, 0, { first: true });
    add(prompt, 'No, keep watching', 1, 0);
    settle();
    navigation.key('right');
    expect(told).toEqual(['Player › Help prompt › Yes, get help', 'Player › Help prompt › No, keep watching']);
  });

  it('[B6] every OK', () => {
    const { navigation, add, settle, acted, pressed } = couch();
    add(prompt, 'Yes, get help', 0, 0, { first: true });
    settle();
    navigation.key('ok');
    expect(acted).toEqual(['OK on Yes, get help']);
    expect(pressed).toEqual(['Yes, get help']);
  });

  it('[B6] new words on what has the focus', () => {
    const { navigation, add, settle, told } = couch();
    const pause: Partial<Focusable> = { first: true };
    add(shelf, 'Pause', 0, 0, pause);
    settle();
    const item = navigation.current as Focusable;
    item.label = 'Play';
    navigation.refresh();
    settle();
    expect(told).toEqual(['Shelf › Pause', 'Shelf › Play']);
  });
});

describe('an uninvited screen', () => {
  it('[M5] takes no key for its first 700 ms', () => {
    const { navigation, add, settle, wait } = couch();
    add(shelf, 'Pause', 0, 0, { first: true });
    settle();
    wait(5_000);
    add(prompt, 'Yes, get help', 0, 0, { first: true });
    settle();
    expect(navigation.deaf).toBe(true);
    wait(DEAF_MS - 1);
    expect(navigation.deaf).toBe(true);
    wait(1);
    expect(navigation.deaf).toBe(false);
  });

  it('one that a key called for listens at once', () => {
    const { navigation, add, settle, wait } = couch();
    add(shelf, 'Help', 0, 0, { first: true });
    settle();
    wait(5_000);
    navigation.key('ok');
    add(prompt, 'Keep waiting', 0, 0, { first: true });
    settle();
    expect(navigation.deaf).toBe(false);
  });

  it('a control that changes under the finger is uninvited too', () => {
    const { navigation, add, settle, wait } = couch();
    const first = add(shelf, 'task 1: It works now', 0, 0, { first: true });
    add(shelf, 'task 2: It works now', 0, 1);
    settle();
    wait(5_000);
    first();
    expect(navigation.deaf).toBe(true);
  });
});
