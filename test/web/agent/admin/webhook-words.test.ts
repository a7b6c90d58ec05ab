import { describe, expect, it } from 'vitest';
import {
  addressError,
  droppedInWords,
  eventsInWords,
  lossInWords,
  nameOf,
  standingOf,
  troubleInWords,
} from '../../../../web/agent/admin/webhook-words.ts';
import { stubWebhooks } from '../fixtures/stub-admin.ts';

const [crm, wfm, old] = stubWebhooks(0) as [
  ReturnType<typeof stubWebhooks>[0],
  ReturnType<typeof stubWebhooks>[0],
  ReturnType<typeof stubWebhooks>[0],
];

describe('a webhook in words', () => {
  it('[M8] says the worst first', () => {
    expect(standingOf(old)).toEqual({ tone: 'off', words: 'Off' });
    expect(standingOf(wfm)).toEqual({ tone: 'bad', words: '1 stopped' });
    expect(standingOf({ ...wfm, health: { ...wfm.health, dead: 0 } })).toEqual({
      tone: 'warn',
      words: '1 trying again',
    });
    expect(standingOf(crm)).toEqual({ tone: 'ok', words: 'Delivering' });
    expect(standingOf({ ...crm, health: { ...crm.health, lastDeliveredAt: null } }).tone).toBe('info');
  });

  it('[M8] is called what it is for, or where it goes', () => {
    expect(nameOf(crm)).toBe('Customer records');
    expect(nameOf(old)).toBe('old.example');
  });

  it('[M8] names the events it sends', () => {
    expect(eventsInWords(crm)).toBe('All events');
    expect(eventsInWords({ eventTypes: ['accepted', 'ended'] })).toBe('An agent took it · The talk ended');
  });

  it.each([
    [1, 1, 'Event 3 was tried 1 time.'],
    [12, 2, 'Event 3 was tried 12 times. 1 later event waits.'],
    [12, 5, 'Event 3 was tried 12 times. 4 later events wait.'],
  ])('[M8] after %i tries with %i waiting: %s', (attempts, waiting, words) => {
    expect(
      troubleInWords({
        interactionId: 'i',
        tvName: 'Kitchen TV',
        state: 'retrying',
        seq: 3,
        waiting,
        attempts,
        lastError: { message: '', at: 0 },
        nextTryAt: null,
        replayed: null,
      }),
    ).toBe(words);
  });
});

describe('an address being typed', () => {
  it.each(['', '  ', 'crm.example', `https://crm.example/${'x'.repeat(500)}`])('[M8] %j is told what it needs', (url) =>
    expect(addressError(url)).toMatch(/^(Enter|Use) /),
  );
  it('[M8] a whole one is left to the service', () => {
    expect(addressError(' https://crm.example/hooks ')).toBeNull();
  });
});

describe('the deletion of a webhook', () => {
  it('[M8] says beforehand what is lost with it', () => {
    expect(lossInWords(crm)).toBe('Nothing more is sent to it.');
    expect(lossInWords(wfm)).toBe(
      'Nothing more is sent to it. Events of 2 interactions did not arrive yet: they are dropped and cannot be replayed.',
    );
    expect(lossInWords(old)).toBe('Nothing more is sent to it. What was kept for it while it is off is dropped.');
  });

  it('[M8] says afterwards what was lost with it', () => {
    expect(droppedInWords(0)).toBe('Everything had arrived.');
    expect(droppedInWords(1)).toBe('Events of 1 interaction had not arrived and were dropped.');
  });
});
