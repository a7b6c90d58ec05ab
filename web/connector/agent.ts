/**
 * The connector's face for an agent's computer: presence, queues, and the interactions offered
 * to, with, or in wrap-up of this agent.
 */
import type { PresenceMessage, ServerMessage } from '../../src/protocol/server.ts';
import { AgentInteractions } from './agentInteractions.ts';
import { cut } from './bounds.ts';
import { BACKOFF_MOST_MS, openConnection } from './connection.ts';
import { LiveViews } from './liveAgent.ts';
import { createOutbox } from './outbox.ts';
import type { Body } from './outbox.ts';
import { createStore } from './store.ts';
import { browser } from './surroundings.ts';
import type { Surroundings } from './surroundings.ts';
import type { AgentConnector, AgentConnectorOptions, AgentState, InteractionView } from './types.ts';
import { createWritingSaid } from './writing.ts';

/** The longest wait for the service while somebody is being helped, milliseconds: a talk does not wait long for its agent. */
const IN_TALK_MOST_MS = 5_000;

/**
 * Signs in by the page's cookie.
 * @param surroundings the browser, unless a test puts its own in place
 * @throws TypeError when there is no web address to connect to
 */
export function createAgentConnector(
  options: AgentConnectorOptions,
  surroundings: Surroundings = browser(),
): AgentConnector {
  const store = createStore<AgentState>({
    connection: { kind: 'connecting' },
    self: null,
    presence: null,
    queues: null,
    interactions: [],
    lastEnded: null,
    clockOffset: 0,
  });
  // Nothing is kept over a reload: an agent who reloads sees how things stand and decides anew.
  const outbox = createOutbox(null, () => undefined);
  const interactions = new AgentInteractions();
  const liveViews = new LiveViews();
  /** In which interaction the agent writes. */
  let writingIn = '';
  const writing = createWritingSaid((is) => {
    connection.live({ interactionId: writingIn, writing: is });
  });
  /** Versions are compared within one connection; a service restored from a backup may count from less. */
  let presence: PresenceMessage | null = null;
  let live = false;

  function show(): void {
    // While what was missed is coming in, the old picture stays: half a story is worse than an old one.
    if (!live) return;
    const { lastEnded } = interactions;
    const shown = interactions.shown(store.state.interactions);
    store.set({ interactions: shown, lastEnded });
    liveViews.keepOnly(talks(shown));
  }

  function hear(message: ServerMessage): void {
    switch (message.type) {
      case 'registered': {
        const { self, centre, now } = message;
        if (self.role !== 'agent') return;
        live = false;
        presence = null;
        interactions.begin(self.agentId);
        const { agentId, name, roles, skills } = self;
        store.set({
          self: { agentId, name, roles, skills, centreName: centre.name },
          clockOffset: now - Date.now(),
        });
        return;
      }
      case 'event':
        interactions.take(message);
        if (message.event.type === 'messageSent' && message.event.from === 'viewer') {
          liveViews.said(message.interactionId);
        }
        break;
      case 'live':
        if (talks(store.state.interactions).includes(message.interactionId)) liveViews.take(message);
        return;
      case 'resumed':
        interactions.resumed(message.open);
        live = true;
        break;
      case 'presence':
        if (presence !== null && message.version < presence.version) return;
        presence = message;
        interactions.setWork(message.work);
        store.set({ presence });
        break;
      case 'queues':
        store.set({ queues: message.queues });
        return;
      default:
        return;
    }
    show();
  }

  const connection = openConnection({
    url: options.url || location.origin,
    outbox,
    surroundings,
    register: () =>
      Promise.resolve({
        type: 'registerAgent' as const,
        credentials: { kind: 'cookie' as const },
        told: {
          device: cut(options.told.device, 120) || 'unknown',
          appVersion: cut(options.told.appVersion, 40) || 'unknown',
        },
        resume: store.state.interactions.slice(-20).map(({ id, seq }) => ({ interactionId: id, seq })),
      }),
    onMessage: hear,
    onState: (state) => {
      store.set({ connection: state });
    },
    longestWaitMs: () => (talks(store.state.interactions).length > 0 ? IN_TALK_MOST_MS : BACKOFF_MOST_MS),
    onUnauthorized: () => false,
  });

  function say(body: Body): Promise<{ interactionId?: string }> {
    const { done } = outbox.add(body, false);
    connection.flush();
    return done;
  }

  return {
    get state() {
      return store.state;
    },
    subscribe: store.subscribe,
    liveOf: (interactionId) => liveViews.of(interactionId),
    subscribeLive: (listener) => liveViews.subscribe(listener),
    live(interactionId, now) {
      if (interactionId !== writingIn) writing.say(false);
      writingIn = interactionId;
      writing.say(now.writing);
    },
    say: (interactionId, command) => say({ type: 'agent', interactionId, command }).then(() => undefined),
    setPresence: (wish) => say({ type: 'setPresence', wish }).then(() => undefined),
    invite: (tvId) =>
      say({ type: 'invite', tvId }).then(({ interactionId }) => {
        if (interactionId === undefined) throw new Error('The service took the invitation but named no interaction.');
        return { interactionId };
      }),
    close() {
      connection.close();
      writing.stop();
      liveViews.keepOnly([]);
    },
  };
}

/** The interactions in which the agent helps. */
function talks(interactions: readonly InteractionView[]): string[] {
  return interactions.filter(({ status }) => status.kind === 'active').map(({ id }) => id);
}
