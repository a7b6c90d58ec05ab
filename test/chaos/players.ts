/** TVs and agents who live the story at random, through the real connectors. */
import { createAgentConnector } from '../../web/connector/agent.ts';
import type { Surroundings } from '../../web/connector/surroundings.ts';
import { createTvConnector } from '../../web/connector/tv.ts';
import type { AgentConnector, InteractionView, TvConnector } from '../../web/connector/types.ts';
import { livingRoomTv, type TvCredentials } from '../support/wire.ts';
import { History } from './history.ts';
import type { Random } from '../support/random.ts';

/** Commands that one player has under way at most. */
const AT_ONCE = 3;
/** Milliseconds between two thoughts of a player. */
const THINKS = { least: 60, most: 350 };
/** Waits of the connectors' backoff are drawn from the shortest: the chaos does not wait half a minute. */
const HASTE = 0.04;

abstract class Player {
  readonly history: History;
  protected readonly random: Random;
  #count = 0;
  #underWay = 0;
  #timer: NodeJS.Timeout | null = null;

  constructor(history: History, random: Random) {
    this.history = history;
    this.random = random;
  }

  /** Acts from time to time, until `rest`. */
  play(): void {
    this.#timer = setTimeout(
      () => {
        if (this.#underWay < AT_ONCE) this.act();
        this.play();
      },
      this.random.between(THINKS.least, THINKS.most),
    );
  }

  rest(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  /** Connected, and nothing waits for an answer. */
  get settled(): boolean {
    return this.online && this.#underWay === 0;
  }

  abstract get online(): boolean;
  protected abstract act(): void;
  abstract close(): void;

  /** Words that nobody says twice. */
  protected unique(what: string): string {
    this.#count += 1;
    return `${what} ${this.history.who}-${this.#count}.`;
  }

  /** A refusal is part of the story: two at once, too late, somebody else's. */
  protected say(command: Promise<unknown>): void {
    this.#underWay += 1;
    const over = () => void (this.#underWay -= 1);
    command.then(over, over);
  }

  protected surroundings(headers?: Record<string, string>): Surroundings {
    return {
      WebSocket: this.history.sockets(headers),
      fetch: (url, init) => fetch(url, init),
      random: () => this.random.next() * HASTE,
      window: null,
      document: null,
      navigator: null,
    };
  }
}

export class TvPlayer extends Player {
  connector: TvConnector;
  readonly #url: string;
  readonly #credentials: TvCredentials;
  readonly #shelf = new Map<string, string>();

  constructor(who: string, url: string, credentials: TvCredentials, random: Random) {
    super(new History(who, 'tv'), random);
    this.#url = url;
    this.#credentials = credentials;
    this.connector = this.#turnOn();
  }

  get online(): boolean {
    return this.connector.state.connection.kind === 'online';
  }

  close(): void {
    this.rest();
    this.connector.close();
  }

  protected act(): void {
    const { random, connector } = this;
    const { interaction, connection } = connector.state;
    if (connection.kind === 'stopped' || random.chance(0.01)) {
      // The TV is turned off and on: what was said and not answered is said again.
      connector.close();
      this.connector = this.#turnOn();
      return;
    }
    if (interaction === null || isOver(interaction)) {
      if (random.chance(0.5)) connector.dismiss();
      if (random.chance(0.5)) this.#ask();
      return;
    }
    if (random.chance(0.1)) {
      connector.setContext({ serviceState: 'playing', facts: { seen: this.unique('Seen by') } });
      return;
    }
    this.#answer(interaction);
  }

  #ask(): void {
    for (const { code } of this.connector.state.faults) this.connector.clear(code);
    // One that the catalogue knows, and one that nobody does.
    const code = this.random.of(['tr069:9002', 'playback:stalled', 'network:offline']);
    this.connector.raise({ code, title: this.unique('Trouble of') });
    this.say(this.connector.requestHelp(code));
  }

  #answer(view: InteractionView): void {
    const { random, connector } = this;
    if (random.chance(0.03)) return this.say(connector.say({ type: 'leave' }));
    if (view.status.kind === 'invited') {
      if (random.chance(0.5)) {
        this.say(connector.say({ type: random.chance(0.8) ? 'acceptInvitation' : 'declineInvitation' }));
      }
      return;
    }
    if (view.closure !== null && random.chance(0.4)) {
      return this.say(connector.say({ type: random.chance(0.5) ? 'confirmFixed' : 'stillNeedHelp' }));
    }
    if (view.status.kind === 'selfService' && random.chance(0.15)) {
      return this.say(connector.say({ type: 'askForPerson' }));
    }
    const open = view.tasks.filter(({ status }) => status === 'todo');
    if (open.length === 0 || random.chance(0.6)) return;
    const task = random.of(open);
    if (task.choices !== undefined) {
      return this.say(connector.say({ type: 'answerQuestion', taskId: task.id, choice: random.of(task.choices) }));
    }
    const answer = random.of(['works', 'stillNot', 'cannot'] as const);
    this.say(connector.say({ type: 'answerTask', taskId: task.id, answer }));
  }

  #turnOn(): TvConnector {
    const shelf = this.#shelf;
    const connector = createTvConnector(
      {
        url: this.#url,
        credentials: this.#credentials,
        told: livingRoomTv,
        storage: {
          getItem: (key) => shelf.get(key) ?? null,
          setItem: (key, value) => void shelf.set(key, value),
          removeItem: (key) => void shelf.delete(key),
        },
      },
      this.surroundings(),
    );
    connector.registerCheck('proof', () =>
      Promise.resolve({
        result: this.random.of(['verified', 'failed', 'unavailable'] as const),
        evidence: this.unique('Proof of'),
      }),
    );
    return connector;
  }
}

export class AgentPlayer extends Player {
  readonly agentId: string;
  connector: AgentConnector;
  readonly #url: string;
  readonly #cookie: string;
  readonly #tvIds: readonly string[];

  constructor(
    who: string,
    url: string,
    signedIn: { agentId: string; cookie: string; tvIds: readonly string[] },
    random: Random,
  ) {
    super(new History(who, 'agent'), random);
    this.#url = url;
    this.agentId = signedIn.agentId;
    this.#cookie = signedIn.cookie;
    this.#tvIds = signedIn.tvIds;
    this.connector = this.#open();
  }

  get online(): boolean {
    return this.connector.state.connection.kind === 'online';
  }

  close(): void {
    this.rest();
    this.connector.close();
  }

  protected act(): void {
    const { random, connector } = this;
    const { presence, interactions, connection } = connector.state;
    if (connection.kind === 'stopped' || random.chance(0.005)) {
      connector.close();
      this.connector = this.#open();
      return;
    }
    const now = presence?.presence.kind;
    if (now === 'away' || now === 'notAnswering') {
      if (random.chance(0.5)) this.say(connector.setPresence({ kind: 'ready' }));
      return;
    }
    if (random.chance(0.02)) return this.say(connector.setPresence({ kind: 'away', reason: 'A cup of tea' }));
    if (interactions.length === 0) {
      if (random.chance(0.08)) this.say(connector.invite(random.of(this.#tvIds)));
      return;
    }
    this.#tend(random.of(interactions));
  }

  #tend(view: InteractionView): void {
    const { random, connector } = this;
    const { id, status } = view;
    switch (status.kind) {
      case 'offered': {
        if (random.chance(0.2)) return;
        const { offerId } = status;
        const type = random.chance(0.85) ? 'accept' : 'decline';
        return this.say(connector.say(id, { type, offerId }));
      }
      case 'active': {
        const act = random.weighted([
          [8, 'message'],
          [3, 'diagnosis'],
          [1, 'withdraw'],
          [2, 'end'],
          [1, 'close'],
          [4, 'nothing'],
        ] as const);
        const todo = view.tasks.find((task) => task.status === 'todo');
        if (act === 'message') this.say(connector.say(id, { type: 'sendMessage', text: this.unique('Words of') }));
        if (act === 'diagnosis') this.#diagnose(id);
        if (act === 'withdraw' && todo) this.say(connector.say(id, { type: 'withdrawTask', taskId: todo.id }));
        if (act === 'end') this.say(connector.say(id, { type: 'end' }));
        if (act === 'close') this.#close(id);
        return;
      }
      case 'wrapUp':
        if (random.chance(0.5)) this.#close(id);
        return;
      default:
    }
  }

  #diagnose(id: string): void {
    const explanation = this.unique('Diagnosis of');
    const tasks = [
      { title: 'Prove it', check: { kind: 'host' as const, name: 'proof' } },
      { title: 'How many rooms away is it', choices: ['One', 'Two'] },
      { title: 'Move the router closer' },
    ];
    const some = tasks.filter(() => this.random.chance(0.5));
    this.say(this.connector.say(id, { type: 'sendDiagnosis', explanation, tasks: some }));
  }

  #close(id: string): void {
    const disposition = this.random.of(['followUp', 'passedOn', 'customerLeft'] as const);
    this.say(this.connector.say(id, { type: 'close', disposition, note: this.unique('Note of') }));
  }

  #open(): AgentConnector {
    return createAgentConnector(
      { url: this.#url, told: { device: 'chaos', appVersion: '0' } },
      this.surroundings({ cookie: this.#cookie, origin: this.#url }),
    );
  }
}

function isOver({ status }: InteractionView): boolean {
  return status.kind === 'wrapUp' || status.kind === 'closed' || status.kind === 'abandoned';
}
