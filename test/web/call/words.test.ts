import { describe, expect, it } from 'vitest';
import type { DeviceProblem } from '../../../web/call/deviceProblem.ts';
import { problemOf } from '../../../web/call/deviceProblem.ts';
import type { QualityReason } from '../../../web/call/quality.ts';
import {
  connectionWords,
  lackingWords,
  noticeWords,
  permissionWords,
  problemWords,
  qualityWords,
  type Face,
  type Thing,
} from '../../../web/call/words.ts';

const PROBLEMS: DeviceProblem[] = [
  'denied',
  'dismissed',
  'blockedBySystem',
  'noDevice',
  'unplugged',
  'inUse',
  'insecure',
  'notSupported',
  'unknown',
];
const FACES: Face[] = ['tv', 'desk', 'phone'];
const THINGS: Thing[] = ['microphone', 'camera'];
const REASONS: QualityReason[] = ['loss', 'sendLoss', 'delay', 'jitter', 'freezes', 'silence'];

/** Section 4 of the screens. */
const BANNED = /oops|invalid|failed to|\buser\b|simply|\bjust\b|\bshould\b|!|connectivity|resolved/i;

const quality = (reason: QualityReason | null) =>
  qualityWords({
    grade: reason === null ? 'good' : 'fair',
    reason,
    lossRatio: 0,
    sendLossRatio: 0,
    jitterMs: 0,
    roundTripMs: 0,
    path: null,
    receivedBitrate: 0,
    sentBitrate: 0,
    framesPerSecond: 0,
    framesDecoded: 0,
    freezes: 0,
  });

describe('words', () => {
  const all = [
    ...FACES.flatMap((face) =>
      THINGS.flatMap((thing) => PROBLEMS.map((problem) => Object.values(problemWords(problem, thing, face)).join(' '))),
    ),
    ...FACES.map((face) => lackingWords('engine', face)),
    ...REASONS.map(quality),
    noticeWords({ kind: 'fellBack', gone: 'Headset', now: '' }, 'microphone'),
  ];

  it.each(all)('of the screens: %s', (words) => {
    expect(words).not.toMatch(BANNED);
    expect(words).toMatch(/^[A-Z]/);
  });

  it('every problem says what happened, and what to do or what still works', () => {
    for (const problem of PROBLEMS) {
      const { what, fix } = problemWords(problem, 'camera', 'desk');
      expect(what).toMatch(/\.$/);
      expect(fix).toMatch(/\.$/);
    }
  });

  it('a TV is told where its switch is (screens, error 3)', () => {
    expect(problemWords('denied', 'camera', 'tv')).toEqual({
      what: 'The TV is blocking the camera.',
      fix: 'Turn it on in TV settings, Privacy.',
      action: 'Check again',
    });
    expect(problemWords('noDevice', 'camera', 'tv')).toMatchObject({
      what: 'No camera found.',
      action: 'Use my phone',
    });
  });

  it('what was unplugged, and what is used now', () => {
    expect(noticeWords({ kind: 'fellBack', gone: 'Headset', now: 'Built-in' }, 'microphone')).toBe(
      'Headset was unplugged. You are heard through Built-in.',
    );
    expect(noticeWords({ kind: 'cameBack', now: 'Headset' }, 'camera')).toBe('You are seen through Headset again.');
  });

  it('where permission stands', () => {
    expect(permissionWords('prompt', 'camera', 'tv')?.what).toBe('The TV will ask about the camera.');
    expect(permissionWords('granted', 'camera', 'tv')).toBeNull();
    expect(permissionWords('unknown', 'camera', 'tv')).toBeNull();
  });

  it('where the call stands', () => {
    expect(connectionWords({ kind: 'reconnecting', since: 0 }, 'tv')).toBe('Reconnecting');
    expect(connectionWords({ kind: 'idle' }, 'tv')).toBeNull();
    expect(quality(null)).toBe('Connection: good.');
  });
});

describe('what browsers throw', () => {
  it.each([
    ['NotAllowedError', 'Permission denied', 'denied'],
    ['NotAllowedError', 'Permission dismissed', 'dismissed'],
    ['NotAllowedError', 'Permission denied by system', 'blockedBySystem'],
    ['NotFoundError', 'Requested device not found', 'noDevice'],
    ['OverconstrainedError', '', 'noDevice'],
    ['NotReadableError', 'Could not start video source', 'inUse'],
    ['AbortError', 'Starting videoinput failed', 'inUse'],
    ['TypeError', 'undefined is not a function', 'notSupported'],
    ['InternalError', 'of a kind nobody knows', 'unknown'],
  ])('%s: %s is %s', (name, message, problem) => {
    expect(problemOf(Object.assign(new Error(message), { name }))).toBe(problem);
  });

  it.each([undefined, null, 'no', 7])('%s is unknown', (thrown) => {
    expect(problemOf(thrown)).toBe('unknown');
  });
});
