/**
 * Diagnostic information (seed 42, 59, 71): an explanation and one or more tasks to do.
 * The same shape whether it comes from the catalogue or from an agent's hand.
 */

/** What the TV can run again by itself to see whether a task helped (B3). */
export type Check =
  /** Play the stream that failed for `seconds`; verified when it advances without a stall. */
  | { kind: 'playback'; seconds: number }
  /** Fetch `url` (the service's own address when left out); verified when it answers in time. */
  | { kind: 'network'; url?: string }
  /** Ask the host app whether the fault with this code is still raised; verified when it is not. */
  | { kind: 'fault'; code: string }
  /** A check that the host app registered under this name with the connector. */
  | { kind: 'host'; name: string };

/** Pictures that the TV app carries; a name, never an address, so nothing is fetched from elsewhere. */
export type TaskPicture = 'unplug' | 'router' | 'cable' | 'remote' | 'wifi' | 'restart' | 'card';

/** One thing to do, or one question to answer, on one TV screen. */
export interface Task {
  /** Unique within its interaction. */
  id: string;
  /** A sentence that starts with a verb, 80 characters at most: it is the TV screen's heading. */
  title: string;
  /** What happens meanwhile, 160 characters at most. */
  detail?: string;
  picture?: TaskPicture;
  check?: Check;
  /** Two to four answers; a task that has them is a question, not something to do. */
  choices?: string[];
}

export interface Diagnosis {
  /** Unique within its interaction. */
  id: string;
  /** Two sentences at most, in the viewer's words. */
  explanation: string;
  tasks: Task[];
  source:
    | { kind: 'catalogue'; entryId: string; catalogueVersion: number }
    /** `entryId` when the agent took it from the catalogue, edited or not. */
    | { kind: 'agent'; agentId: string; entryId?: string };
}

/** One line of the catalogue: fault-code pattern × model × firmware → explanation and tasks. */
export interface CatalogueEntry {
  id: string;
  /** `playback:stalled`, or with a trailing `*` (`drm:*`). */
  fault: string;
  /** `*` or a model with an optional trailing `*`. */
  model: string;
  /** `*`, a version with an optional trailing `*`, or a bound such as `<4.2`, `>=4.2.1`. */
  firmware: string;
  /** Short name for agents: "weak Wi-Fi". */
  name: string;
  explanation: string;
  /** Why this entry fits, for the agent; `{rssi}` and other facts of the fault are filled in. */
  why: string;
  tasks: CatalogueTask[];
  /** True when no human is needed unless the viewer asks (M11): the request does not join the line by itself. */
  unattended: boolean;
}

/** A task as the catalogue keeps it; its id is given when it is sent. */
export type CatalogueTask = Omit<Task, 'id'>;

export interface Catalogue {
  version: number;
  entries: CatalogueEntry[];
}
