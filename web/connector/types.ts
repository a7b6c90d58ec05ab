/**
 * What a host app sees of the connector. The TV's face is for TV services, the agent's face for
 * desktops; both speak through one connection that reconnects, resumes and repeats by itself.
 */
import type { TvTold, AgentTold } from '../../src/protocol/facts.ts';
import type { AgentWireCommand } from '../../src/protocol/client.ts';
import type { ViewerCommand } from '../../src/interaction/command.ts';
import type { FaultCondition, ScreenStructure, ServiceContext } from '../../src/interaction/facts.ts';
import type { LivePlayback, LiveScreen } from '../../src/protocol/live.ts';
import type { LineMessage, PresenceMessage, QueuesMessage, RefusalCode } from '../../src/protocol/server.ts';
import type { InteractionView } from '../../src/protocol/view.ts';

export type { TvTold, AgentTold, AgentWireCommand, ViewerCommand, FaultCondition, ScreenStructure, ServiceContext };
export type { InteractionView, LineMessage, LivePlayback, PresenceMessage, QueuesMessage };

/** `offline`: no connection, what is said waits in a queue. `stopped`: will not reconnect by itself; `why` tells. */
export type ConnectionState =
  | { kind: 'connecting' }
  | { kind: 'online' }
  | { kind: 'offline'; since: number; nextTryAt: number }
  | { kind: 'stopped'; why: 'unauthorized' | 'replaced' | 'version' | 'closed'; message: string };

/** A command that the service did not take. `message` can be shown to people. */
export interface RefusedError extends Error {
  code: RefusalCode;
  retry: boolean;
}

export type Unsubscribe = () => void;

// ── TV ──────────────────────────────────────────────────────────────────────────────────────────

export interface TvConnectorOptions {
  /** The service's address, `https://help.example` (or `http://` on a test bench). */
  url: string;
  /** Provisioned by the operator; or `pair`: a code is shown and confirmed from a signed-in page. */
  credentials: { serial: string; secret: string } | 'pair';
  /** What the TV says about itself; what is left out is found out from the browser or is null. */
  told: Partial<TvTold> & Pick<TvTold, 'model'>;
  /** Where a pairing's secret and unsent commands are kept; `localStorage` by default, null for nowhere. */
  storage?: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'> | null;
}

/** Shown on the TV while it is not paired (RFC 8628's user code); renewed without the viewer noticing. */
export interface PairingShown {
  /** Eight characters, shown as `BCDF-GHJK`. */
  userCode: string;
  /** Where to type it: `help.example/pair`. */
  address: string;
  expiresAt: number;
  /** The service is not reached at present: nobody can confirm the code until it is. */
  offline: boolean;
}

export interface TvState {
  connection: ConnectionState;
  /** Null when the TV has its credentials. */
  pairing: PairingShown | null;
  /** As the service knows it; null before the first registration. */
  registered: { tvId: string; name: string; centreName: string } | null;
  /** Faults that stand now, the latest first. */
  faults: FaultCondition[];
  /** The interaction under way, or the one that just ended; null before and after `dismiss`. */
  interaction: InteractionView | null;
  /** The place in the line, with `receivedAt` of this TV's clock to tell its age; null when not waiting. */
  line: (LineMessage & { receivedAt: number }) | null;
  /** The agent who helps is writing at this moment. */
  agentWriting: boolean;
  /** The task whose check the connector runs now. */
  checking: { taskId: string; startedAt: number } | null;
  /** Commands said but not yet acknowledged. */
  unsent: number;
}

export interface CheckResult {
  result: 'verified' | 'failed' | 'unavailable';
  /** One sentence: "12 s of picture without a stop". */
  evidence: string;
}

export interface TvConnector {
  readonly state: TvState;
  /** Called with the new state on every change, at most once a task. */
  subscribe(listener: (state: TvState) => void): Unsubscribe;
  /** Turns what really happens to this element into fault conditions. */
  attach(video: HTMLVideoElement, options?: AttachOptions): Unsubscribe;
  /** A fault known to the host: `tr069:9002`, `usp:7004`, `vendor:tuner-lock`, or what its player library reports. */
  raise(fault: { code: string; title: string; detail?: FaultCondition['detail'] }): void;
  clear(code: string): void;
  /** What travels along with a request; the connector keeps the latest. */
  setContext(context: ServiceContext): void;
  setScreen(path: string[], focused: string | null): void;
  /** Remembers what the viewer just did ("OK on Play"); the last twelve travel along. */
  action(words: string): void;
  /** A check of the host's own, for tasks of kind `host`. */
  registerCheck(name: string, run: () => Promise<CheckResult>): Unsubscribe;
  /** Asks for help, with the fault of this code or the latest. Resolves when committed; joins what is open already. */
  requestHelp(faultCode?: string): Promise<void>;
  /** Answers within the interaction; resolves when committed, rejects with a RefusedError. */
  say(command: ViewerCommand): Promise<void>;
  /**
   * Tells the agent who helps what is true only for this moment: that the viewer is writing, at every key press, and
   * false once that is over. Nothing is kept, repeated or answered; while nobody helps, nothing is said.
   */
  live(now: { writing: boolean }): void;
  /** Forgets an interaction that ended. */
  dismiss(): void;
  close(): void;
}

export interface AttachOptions {
  /** Called when the check of a task wants the stream to be tried again; the host reloads its player. */
  retry?: () => void;
}

// ── Agent ───────────────────────────────────────────────────────────────────────────────────────

export interface AgentConnectorOptions {
  /** The service's address; the page's own origin by default. */
  url?: string;
  told: AgentTold;
}

/** What a TV told of the moment; it is kept nowhere, and gone after a reload. */
export interface LiveView {
  /** How the picture plays; null until it was told. */
  playback: LivePlayback | null;
  screen: LiveScreen | null;
  /** The viewer is writing. */
  writing: boolean;
  /** By this computer's clock, to tell the age. */
  receivedAt: number;
}

export interface AgentState {
  connection: ConnectionState;
  self: {
    agentId: string;
    name: string;
    roles: ('agent' | 'supervisor')[];
    skills: string[];
    centreName: string;
  } | null;
  presence: PresenceMessage | null;
  /** Those whose skills the agent has; null until the service has told. */
  queues: QueuesMessage['queues'] | null;
  /** All that is offered to, with, or in wrap-up of this agent, the earliest first. */
  interactions: InteractionView[];
  /** The latest that came to its end while it was this agent's, with how it ended. */
  lastEnded: InteractionView | null;
  /** Milliseconds to add to Date.now() for the service's clock. */
  clockOffset: number;
}

export interface AgentConnector {
  readonly state: AgentState;
  subscribe(listener: (state: AgentState) => void): Unsubscribe;
  /**
   * What the TV of an interaction that is with this agent tells of the moment; null before it did. It changes every
   * second, so it stands apart from `state`.
   */
  liveOf(interactionId: string): LiveView | null;
  /** Called after every change of a live view. */
  subscribeLive(listener: () => void): Unsubscribe;
  /** Tells the TV that the agent is writing, as the TV's `live` does. */
  live(interactionId: string, now: { writing: boolean }): void;
  /** Resolves when committed; rejects with a RefusedError. */
  say(interactionId: string, command: AgentWireCommand): Promise<void>;
  setPresence(wish: { kind: 'ready' } | { kind: 'away'; reason: string }): Promise<void>;
  /** Starts an interaction with a registered TV (M7). */
  invite(tvId: string): Promise<{ interactionId: string }>;
  close(): void;
}
