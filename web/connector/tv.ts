/**
 * The connector's face for a TV service: registers the TV, turns its trouble into fault
 * conditions, asks for help and answers. ES2015 suffices; nothing comes with it.
 */
import type { ServerMessage } from '../../src/protocol/server.ts';
import { ACTIONS, boundContext, boundScreen, cut } from './bounds.ts';
import { openConnection } from './connection.ts';
import { createCredentials } from './credentials.ts';
import { createFaults } from './faults.ts';
import { browserStorage, createKeep } from './keep.ts';
import { createLiveTv } from './liveTv.ts';
import { createOutbox } from './outbox.ts';
import type { Said } from './outbox.ts';
import { createPlaybackHealth } from './playbackHealth.ts';
import { refusal } from './refusal.ts';
import { createStore } from './store.ts';
import { browser } from './surroundings.ts';
import type { Surroundings } from './surroundings.ts';
import { createTaskChecks } from './taskChecks.ts';
import { findTold } from './told.ts';
import { watchNetwork, watchVideo } from './tvFaults.ts';
import { createTvInteractions, isOver } from './tvInteractions.ts';
import { createUpdates } from './updates.ts';
import { createWritingHeard, createWritingSaid } from './writing.ts';
import type {
  AttachOptions,
  CheckResult,
  LivePlayback,
  ServiceContext,
  TvConnector,
  TvConnectorOptions,
  TvState,
  ViewerCommand,
} from './types.ts';

/**
 * @param surroundings the browser, unless a test puts its own in place
 * @throws TypeError when `options.url` is no web address
 */
export function createTvConnector(options: TvConnectorOptions, surroundings: Surroundings = browser()): TvConnector {
  const store = createStore<TvState>({
    connection: { kind: 'connecting' },
    pairing: null,
    registered: null,
    faults: [],
    interaction: null,
    line: null,
    agentWriting: false,
    checking: null,
    unsent: 0,
  });
  const storage = options.storage === undefined ? browserStorage() : options.storage;
  const serial = options.credentials === 'pair' ? 'pair' : options.credentials.serial;
  const keep = (what: string) => createKeep(storage, `couchline ${options.url} ${serial} ${what}`);

  const told = findTold(options.told, surroundings);
  const outbox = createOutbox(keep('outbox'), () => {
    store.set({ unsent: outbox.size });
  });
  const interactions = createTvInteractions(keep('dismissed'));
  const faults = createFaults((standing) => {
    store.set({ faults: standing });
    changed();
  });
  const credentials = createCredentials(options.credentials, keep('credentials'), {
    url: options.url,
    model: options.told.model,
    surroundings,
    show: (pairing) => {
      store.set({ pairing });
    },
  });

  let context: ServiceContext = { serviceState: 'unknown', facts: {} };
  let path: string[] = [];
  let focused: string | null = null;
  let actions: string[] = [];
  let line: TvState['line'] = null;
  /** False while what was missed is still coming in. */
  let live = false;
  /** The request that is not acknowledged yet. */
  let asking: Said | null = null;
  let videos: {
    element: HTMLVideoElement;
    options: AttachOptions;
    health: () => LivePlayback;
    stop: () => void;
  }[] = [];
  const lastVideo = () => videos[videos.length - 1] || null;
  const hostChecks = new Map<string, () => Promise<CheckResult>>();

  const screen = () => boundScreen(path, focused, actions);
  const updates = createUpdates({
    view: () => (live && store.state.connection.kind === 'online' ? store.state.interaction : null),
    now: () => ({ fault: faults.standing[0] || null, screen: screen(), context }),
    send: (interactionId, update) => tell(interactionId, update),
  });
  const liveTv = createLiveTv({
    talk,
    screen: () => {
      const { path: steps, focused: item } = screen();
      return { path: steps, focused: item };
    },
    playback: () => lastVideo()?.health() ?? null,
    send: (interactionId, now) => {
      connection.live({ interactionId, ...now });
    },
  });
  const writing = createWritingSaid((is) => {
    const interactionId = talk();
    if (interactionId !== null) connection.live({ interactionId, writing: is });
  });
  const agentWriting = createWritingHeard((is) => {
    store.set({ agentWriting: is });
  });
  const bench = {
    url: options.url,
    surroundings,
    faults,
    video: lastVideo,
    host: (name: string) => hostChecks.get(name),
  };
  const checks = createTaskChecks(
    bench,
    (checking) => {
      store.set({ checking });
    },
    (interactionId, taskId, said) => {
      // Refused when the viewer answered meanwhile; then the report is of no use.
      tell(interactionId, { type: 'reportCheck', taskId, ...said }).catch(() => undefined);
    },
  );

  /** The interaction in which an agent helps, while the service can be told. */
  function talk(): string | null {
    const { interaction, connection: way } = store.state;
    return live && way.kind === 'online' && interaction !== null && interaction.status.kind === 'active'
      ? interaction.id
      : null;
  }

  /** Something that those who help are told of is different now. */
  function changed(): void {
    updates.check();
    liveTv.check();
  }

  /** Says a command of the viewer; what is measured is not kept over a reload, it is measured again. */
  function tell(interactionId: string, command: ViewerCommand): Promise<unknown> {
    const measured = command.type === 'update' || command.type === 'reportCheck';
    const { done } = outbox.add({ type: 'viewer', interactionId, command }, !measured);
    connection.flush();
    return done;
  }

  function show(): void {
    const interaction = interactions.shown;
    const waiting = interaction !== null && ['queued', 'offered'].indexOf(interaction.status.kind) !== -1;
    if (!waiting || (line !== null && line.interactionId !== interaction.id)) line = null;
    store.set({ interaction, line });
    if (!live) return;
    checks.follow(interaction !== null && !isOver(interaction) ? interaction : null);
    if (store.state.agentWriting && talk() === null) agentWriting.hear(false);
    changed();
  }

  function hear(message: ServerMessage): void {
    switch (message.type) {
      case 'registered':
        if (message.self.role !== 'tv') return;
        live = false;
        credentials.remember(message.session);
        store.set({
          registered: { tvId: message.self.tvId, name: message.self.name, centreName: message.centre.name },
        });
        return;
      case 'event':
        interactions.take(message);
        if (message.event.type === 'messageSent') agentWriting.hear(false);
        break;
      case 'resumed':
        interactions.resumed(message.open);
        live = true;
        break;
      case 'live':
        if (message.interactionId === talk() && message.writing !== undefined) agentWriting.hear(message.writing);
        return;
      case 'line':
        line = { ...message, receivedAt: Date.now() };
        break;
      default:
        return;
    }
    show();
  }

  const connection = openConnection({
    url: options.url,
    outbox,
    surroundings,
    register: () =>
      Promise.all([told, credentials.proof()]).then(([tv, proof]) => {
        const shown = interactions.shown;
        return {
          type: 'registerTv' as const,
          credentials: proof,
          told: tv,
          resume: shown === null ? [] : [{ interactionId: shown.id, seq: shown.seq }],
        };
      }),
    onMessage: hear,
    onState: (state) => {
      store.set({ connection: state });
      changed();
    },
    onUnauthorized: () => credentials.refused(),
  });
  const stopNetwork = watchNetwork(surroundings, faults);
  store.set({ unsent: outbox.size });

  /** Leaves before the service has answered: the request is taken back, or left as soon as it is open. */
  function leaveAsked({ id, done }: Said): Promise<unknown> {
    if (outbox.cancel(id)) return Promise.resolve();
    return done.then(({ interactionId }) => interactionId && tell(interactionId, { type: 'leave' }));
  }

  return {
    get state() {
      return store.state;
    },
    subscribe: store.subscribe,
    attach(element, attachOptions = {}) {
      const attached = {
        element,
        options: attachOptions,
        health: createPlaybackHealth(element),
        stop: watchVideo(element, faults),
      };
      videos = videos.concat(attached);
      return () => {
        attached.stop();
        videos = videos.filter((one) => one !== attached);
      };
    },
    raise: faults.raise,
    clear: faults.clear,
    setContext(next) {
      context = boundContext(next);
      changed();
    },
    setScreen(nextPath, nextFocused) {
      path = nextPath;
      focused = nextFocused;
      changed();
    },
    action(words) {
      const bounded = cut(words, 120);
      if (bounded === '') return;
      actions = actions.concat(bounded).slice(-ACTIONS);
      changed();
    },
    registerCheck(name, run) {
      hostChecks.set(name, run);
      return () => {
        if (hostChecks.get(name) === run) hostChecks.delete(name);
      };
    },
    requestHelp(faultCode) {
      if (asking !== null) return asking.done.then(() => undefined);
      const { interaction } = store.state;
      if (interaction !== null && !isOver(interaction)) {
        updates.check();
        return Promise.resolve();
      }
      const fault = faultCode === undefined ? faults.standing[0] || null : faults.recall(faultCode);
      const asked = outbox.add({ type: 'request', request: { fault, screen: screen(), context } }, true);
      const over = (): void => {
        asking = null;
      };
      asking = asked;
      asked.done.then(over, over);
      connection.flush();
      return asked.done.then(({ interactionId }) => {
        if (interactionId !== undefined) interactions.reopen(interactionId);
        show();
      });
    },
    say(command) {
      const { interaction } = store.state;
      if (interaction !== null) return tell(interaction.id, command).then(() => undefined);
      if (command.type === 'leave' && asking !== null) return leaveAsked(asking).then(() => undefined);
      return Promise.reject(refusal('wrongState', 'No help is under way. Ask for help first.'));
    },
    live(now) {
      writing.say(now.writing);
    },
    dismiss() {
      interactions.dismiss();
      show();
    },
    close() {
      connection.close();
      credentials.stop();
      stopNetwork();
      checks.follow(null);
      updates.stop();
      liveTv.stop();
      writing.stop();
      agentWriting.stop();
      for (const video of videos) video.stop();
      videos = [];
    },
  };
}
