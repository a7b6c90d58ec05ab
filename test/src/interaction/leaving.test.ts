import { describe, expect, it } from 'vitest';
import type { Command } from '../../../src/interaction/command.ts';
import type { Interaction } from '../../../src/interaction/interaction.ts';
import { accepts, agent, alice, at, declines, requested, say, service, taken, T0, TIMES, viewer } from './story.ts';

const leave = viewer({ type: 'leave' });
const lost = service({ type: 'tvLost' });
const back = service({ type: 'tvBack' });
const expired = service({ type: 'absenceExpired' });
const absence = (from: number) => ({
  type: 'setTimer',
  timer: 'absence',
  at: from + TIMES.absenceMs,
  then: { type: 'absenceExpired' },
});
const unchanged = (interaction: Interaction) => ({ ok: true, next: interaction, events: [], effects: [] });

describe('leaving', () => {
  it.each(['selfService', 'queued', 'offered', 'invited'] as const)('[IX20] abandons when %s', (kind) => {
    const { next, events } = taken(at[kind](), leave, T0 + 2);
    expect(next.state).toEqual({ kind: 'abandoned', at: T0 + 2, reason: 'left' });
    expect(events.at(-1)).toEqual({ type: 'abandoned', reason: 'left' });
  });

  it('[IX20] ends a standing offer and releases its agent', () => {
    const { events, effects } = taken(at.offered(), leave);
    expect(events[0]).toEqual({ type: 'offerEnded', offerId: 'offer-alice', agentId: 'alice', why: 'viewerLeft' });
    expect(effects).toEqual([
      { type: 'agent', agent: alice, change: 'released' },
      { type: 'cancelTimer', timer: 'offer' },
    ]);
  });

  it('[IX20] with a fix in hand leaves it fixed', () => {
    const { next, effects } = taken(at.fixed(), leave);
    expect(next.state).toMatchObject({ kind: 'closed', disposition: 'fixedClaimed', by: 'viewer' });
    expect(effects).toEqual([{ type: 'cancelTimer', timer: 'closure' }]);
  });
});

describe('a TV that is away', () => {
  it.each(['selfService', 'queued', 'offered', 'invited'] as const)(
    '[IX21] keeps its place for a while when %s',
    (kind) => {
      const before = at[kind]();
      const { next, events, effects } = taken(before, lost, T0 + 5);
      expect(next).toEqual({ ...before, tvLostAt: T0 + 5 });
      expect(events).toEqual([{ type: 'tvLost' }]);
      expect(effects).toEqual([absence(T0 + 5)]);
      expect(taken(next, lost, T0 + 6)).toEqual(unchanged(next));

      const again = taken(next, back, T0 + 7);
      expect(again).toEqual({
        ok: true,
        next: before,
        events: [{ type: 'tvBack' }],
        effects: [{ type: 'cancelTimer', timer: 'absence' }],
      });
      expect(taken(before, back)).toEqual(unchanged(before));

      const gone = taken(next, expired, T0 + 5 + TIMES.absenceMs);
      expect(gone.next.state).toMatchObject({ kind: 'abandoned', reason: 'absent' });
      expect(gone.effects).toContainEqual({ type: 'cancelTimer', timer: 'absence' });
      if (kind === 'offered' || kind === 'invited') {
        expect(gone.effects).toContainEqual({ type: 'agent', agent: alice, change: 'released' });
      }
    },
  );

  it('[IX21] that is back is not abandoned by a late timer, nor is a later absence shortened', () => {
    const before = at.queued();
    expect(taken(before, expired, T0 + TIMES.absenceMs)).toEqual(unchanged(before));
    const away = taken(before, lost, T0 + 1000).next;
    expect(taken(away, expired, T0 + TIMES.absenceMs)).toEqual({
      ok: true,
      next: away,
      events: [],
      effects: [absence(T0 + 1000)],
    });
  });

  it.each(['active', 'wrapUp', 'fixed'] as const)('[IX21] is not abandoned when %s', (kind) => {
    const { next, events, effects } = taken(at[kind](), lost);
    expect(events).toEqual([{ type: 'tvLost' }]);
    expect(effects).toEqual([]);
    expect(taken(next, expired, T0 + TIMES.absenceMs)).toEqual(unchanged(next));
  });

  it('[IX21] is not timed within a talk, and has the full time from the moment the talk falls back to the line', () => {
    const offered = taken(at.offered(), lost).next;
    const accepted = taken(offered, accepts(alice), T0 + 10);
    expect(accepted.effects).toContainEqual({ type: 'cancelTimer', timer: 'absence' });
    const later = T0 + 2 * TIMES.absenceMs;
    const { next, effects } = taken(accepted.next, service({ type: 'agentLost', agentId: 'alice' }), later);
    expect(effects).toContainEqual(absence(later));
    const gone = taken(next, expired, later + TIMES.absenceMs);
    expect(gone.next.state).toMatchObject({ kind: 'abandoned', reason: 'absent' });
  });
});

describe('the end', () => {
  const words: Command[] = [
    viewer({ type: 'answerTask', taskId: 'restart', answer: 'works' }),
    viewer({ type: 'askForPerson' }),
    viewer({ type: 'stillNeedHelp' }),
    viewer({ type: 'acceptInvitation' }),
    viewer({ type: 'declineInvitation' }),
    viewer({ type: 'update' }),
    accepts(alice),
    agent(alice, { type: 'sendMessage', text: 'Hello' }),
    agent(alice, { type: 'close', disposition: 'passedOn', note: '' }),
  ];

  it.each(words)('[IX22] is final: $command.type is refused', (command) => {
    for (const kind of ['closed', 'abandoned'] as const) {
      expect(say(at[kind](), command)).toMatchObject({ ok: false, refusal: { code: 'ended' } });
    }
  });

  it('[IX22] a close said again with another note is refused: that note is not lost without a word', () => {
    const note = 'They found the cable';
    expect(say(at.closed(), agent(alice, { type: 'close', disposition: 'followUp', note }))).toMatchObject({
      ok: false,
      refusal: { code: 'ended', message: expect.stringContaining('its note stands as it was') },
    });
  });

  it.each([
    ['leave', at.abandoned, leave],
    ['leave after the close', at.closed, leave],
    ['decline', at.abandoned, declines(alice)],
    ['end', at.closed, agent(alice, { type: 'end' })],
    ['close', at.closed, agent(alice, { type: 'close', disposition: 'followUp', note: '' })],
    ['request', at.closed, requested],
    [
      'declineInvitation',
      () => taken(at.invited(), viewer({ type: 'declineInvitation' })).next,
      viewer({ type: 'declineInvitation' }),
    ],
  ])('[IX22] said again changes nothing: %s', (_, make, command) => {
    const before = make();
    expect(taken(before, command)).toEqual(unchanged(before));
  });

  it.each(['selfService', 'queued', 'offered', 'invited'] as const)('[IX22] leaves no timer standing (%s)', (kind) => {
    const away = taken(at[kind](), lost).next;
    expect(taken(away, leave).effects).toContainEqual({ type: 'cancelTimer', timer: 'absence' });
  });
});
