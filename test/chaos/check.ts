/** The history checker: what clients were told against what the database holds. */
import { isDeepStrictEqual } from 'node:util';
import type { StoredEvent } from '../../src/events/ports.ts';
import { forViewer } from '../../src/interaction/event.ts';
import { isEnded } from '../../src/interaction/interaction.ts';
import { digest, type HeardConnection, type History, type Said } from './history.ts';
import { agentOfView, foldAll, type Ledger } from './ledger.ts';
import type { AgentPlayer, TvPlayer } from './players.ts';

/** Every command took effect as it was answered, and every event was heard once, in order, by whom it concerns. */
export function checkHistory(ledger: Ledger, history: History, senderId: string): string[] {
  return [
    ...[...history.commands.values()].flatMap((command) => checkCommand(ledger, history, senderId, command)),
    ...history.connections.flatMap((connection) => checkConnection(ledger, history, senderId, connection)),
  ];
}

function checkCommand(ledger: Ledger, { who }: History, senderId: string, said: Said): string[] {
  const { id, body, acknowledged, refused } = said;
  const key = `${senderId} ${id}`;
  const taken = ledger.taken.get(key);
  const events = eventsOf(ledger, said, taken);
  const lines = events
    .map(({ seq, at, event }) => `    ${seq} ${at} ${JSON.stringify(event).slice(0, 160)}`)
    .join('\n');
  const line = `\n    ${who} said ${said.times} times ${JSON.stringify(body)}; acknowledged ${JSON.stringify(acknowledged)}; refused ${refused ?? 'never'}\n${lines}`;
  const wrong: string[] = [];
  const mark = markOf(said);
  const marked = mark === null ? 0 : count(ledger, mark);
  if (acknowledged.length > 0) {
    if (taken === undefined) wrong.push(`Acknowledged, and lost:${line}`);
    if (acknowledged.some((one) => one !== (taken ?? null)))
      wrong.push(`Acknowledged with another interaction:${line}`);
    if (mark !== null && (isKeptWhole(said) ? marked !== 1 : marked > 1)) {
      wrong.push(`Acknowledged, and in effect ${marked} times:${line}`);
    }
    if (!tookEffect(said, events, senderId)) wrong.push(`Acknowledged, and without effect:${line}`);
  } else if (refused !== null && (taken !== undefined || marked > 0)) {
    wrong.push(`Refused, though it took effect:${line}`);
  } else if (marked > 1) wrong.push(`In effect ${marked} times:${line}`);
  return wrong;
}

/** Words in a command that nobody says twice. */
function markOf({ body }: Said): string | null {
  if (body.type === 'request') return body.request.fault?.title ?? null;
  if (body.type === 'viewer' && body.command.type === 'reportCheck') return body.command.evidence;
  if (body.type !== 'agent') return null;
  switch (body.command.type) {
    case 'sendMessage':
      return body.command.text;
    case 'sendDiagnosis':
      return body.command.explanation;
    case 'close':
      return body.command.note;
    default:
      return null;
  }
}

/** True for what is never acknowledged without leaving its words; a late report, a joined request, a second note change nothing. */
function isKeptWhole({ body }: Said): boolean {
  return body.type === 'agent' && ['sendMessage', 'sendDiagnosis'].includes(body.command.type);
}

function eventsOf(ledger: Ledger, { body }: Said, taken: string | null | undefined): StoredEvent[] {
  const id = 'interactionId' in body ? body.interactionId : taken;
  return ledger.interactions.get(id ?? '')?.events ?? [];
}

const marks = new WeakMap<Ledger, Map<string, number>>();

/** How many events carry these words. */
function count(ledger: Ledger, mark: string): number {
  let counts = marks.get(ledger);
  if (counts === undefined) {
    counts = new Map();
    for (const { events } of ledger.interactions.values()) {
      for (const { event } of events) {
        // A fault that stands is told again with the TV's news; the request told it once.
        if (event.type === 'updated') continue;
        for (const [word] of JSON.stringify(event).matchAll(/(Words|Diagnosis|Note|Proof|Trouble) of [\w-]+\./g)) {
          counts.set(word, (counts.get(word) ?? 0) + 1);
        }
      }
    }
    marks.set(ledger, counts);
  }
  return counts.get(mark) ?? 0;
}

/** Whether an acknowledged command shows in the events of its interaction. */
function tookEffect({ body }: Said, events: StoredEvent[], senderId: string): boolean {
  const all = events.map(({ event }) => event);
  if (body.type === 'request' || body.type === 'invite') return all[0]?.type === 'requested';
  if (body.type === 'viewer') {
    return body.command.type !== 'leave' || all.some(({ type }) => ['ended', 'abandoned', 'closed'].includes(type));
  }
  if (body.type !== 'agent') return true;
  const { command } = body;
  switch (command.type) {
    case 'accept': {
      const offered = all.findIndex((event) => event.type === 'offered' && event.offerId === command.offerId);
      // Said late, it may be answered because another offer to the same agent was accepted meanwhile.
      const after = offered < 0 ? [] : all.slice(offered + 1);
      return after.some((event) => event.type === 'accepted' && event.agent.agentId === senderId);
    }
    case 'decline': {
      // What does not stand any more may be declined all the same.
      const told = all.filter((event) => 'offerId' in event && event.offerId === command.offerId);
      return told.at(-1)?.type !== 'offered' || all.some(({ type }) => type === 'abandoned' || type === 'closed');
    }
    case 'end':
      return all.some(({ type }) => type === 'ended');
    case 'close':
      return all.filter(({ type }) => type === 'closed').length === 1;
    default:
      return true;
  }
}

function visible(history: History, { event }: StoredEvent): StoredEvent['event'] | null {
  return history.role === 'agent' ? event : forViewer(event);
}

function checkConnection(ledger: Ledger, history: History, subject: string, connection: HeardConnection): string[] {
  const wrong: string[] = [];
  const last = new Map(connection.resume);
  for (const heard of connection.events) {
    const { interactionId, seq } = heard;
    const log = ledger.interactions.get(interactionId)?.events ?? [];
    const show = (what: string) => {
      const lines = connection.events.filter((one) => one.interactionId === interactionId);
      const told = lines.map((one) => `    ${one.seq} ${one.at} ${one.type}`).join('\n');
      wrong.push(
        `${history.who}, connection ${connection.number}, ${interactionId}: ${what} It came with ${connection.resume.get(interactionId) ?? 'nothing'}, and heard\n${told}`,
      );
    };
    let before = last.get(interactionId) ?? 0;
    if (seq <= before) {
      const kept = foldAll(log.slice(0, before));
      const left = history.role === 'agent' && kept !== null && agentOfView(kept.status)?.agentId !== subject;
      // To an agent it was taken from, it is told anew from the beginning.
      if (seq === 1 && left) before = 0;
      else show(`${seq} was shown twice, or out of order.`);
    }
    const missed = log.slice(before, seq - 1).filter((one) => visible(history, one) !== null);
    if (missed.length > 0) show(`${missed.map((one) => one.seq).join()} was left out before ${seq}.`);
    const stored = log[seq - 1];
    if (stored === undefined) show(`${seq} was shown and is not kept.`);
    else if (stored.at !== heard.at || digest(visible(history, stored)) !== heard.digest) {
      show(`${seq} was shown as ${heard.type}, and is kept as ${stored.event.type}.`);
    }
    last.set(interactionId, seq);
  }
  return wrong;
}

/** Once all is quiet, a TV shows what is open for it, as it stands. */
export function checkTv(ledger: Ledger, tv: TvPlayer): string[] {
  const { interaction: view, registered } = tv.connector.state;
  const tvId = registered?.tvId ?? '';
  const wrong = ledger.connectedTvs.includes(tvId) ? [] : [`${tv.history.who} is connected, and not recorded so.`];
  const open = [...ledger.interactions.values()].find(
    ({ interaction }) => interaction.tv.tvId === tvId && !isEnded(interaction) && interaction.state.kind !== 'wrapUp',
  );
  if (open !== undefined && view?.id !== open.interaction.id) {
    wrong.push(`${tv.history.who} shows ${view?.id ?? 'nothing'}, and ${open.interaction.id} is open for it.`);
  }
  if (open !== undefined && open.interaction.tvLostAt !== null) {
    wrong.push(`${tv.history.who} is connected, and ${open.interaction.id} has it as lost.`);
  }
  if (view === null) return wrong;
  const log = ledger.interactions.get(view.id)?.events ?? [];
  return wrong.concat(
    checkView(
      tv.history.who,
      view,
      log.flatMap((one) => {
        const event = forViewer(one.event);
        return event === null ? [] : [{ ...one, event }];
      }),
    ),
  );
}

/** Once all is quiet, an agent has on the desk what the record says, each as it stands. */
export function checkAgent(ledger: Ledger, agent: AgentPlayer): string[] {
  const { who } = agent.history;
  const { interactions, presence } = agent.connector.state;
  const record = ledger.agents.find(({ id }) => id === agent.agentId);
  const wrong = record?.connected ? [] : [`${who} is connected, and not recorded so.`];
  if (!isDeepStrictEqual(presence?.work, record?.work)) {
    wrong.push(`${who} was told ${JSON.stringify(presence?.work)}, the record says ${JSON.stringify(record?.work)}.`);
  }
  const ids = (list: { id: string }[]) =>
    list
      .map(({ id }) => id)
      .sort()
      .join();
  const work = (record?.work ?? []).map(({ interactionId }) => ({ id: interactionId }));
  if (ids(work) !== ids(interactions))
    wrong.push(`${who} has ${ids(interactions)} on the desk, and work on ${ids(work)}.`);
  return wrong.concat(
    interactions.flatMap((view) => checkView(who, view, ledger.interactions.get(view.id)?.events ?? [])),
  );
}

function checkView(who: string, view: { id: string; seq: number }, log: StoredEvent[]): string[] {
  const kept = foldAll(log);
  if (isDeepStrictEqual(plain(view), plain(kept))) return [];
  return [`${who} shows ${view.id} up to ${view.seq}, and it stands at ${kept?.seq}:\n    ${JSON.stringify(view)}`];
}

/** As JSON has it: a field that is undefined is none. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}
