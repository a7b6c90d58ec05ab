/** What a TV tells about its trouble, itself and its user when help is asked for (M6, B6). */

/** The trouble. Codes are namespaced: `playback:`, `network:`, `drm:`, `account:`, `app:`, or the host's own `tr069:`, `usp:`, `vendor:`. */
export interface FaultCondition {
  code: string;
  /** In the viewer's words: "The picture keeps stopping". */
  title: string;
  /** Measured facts: stalls, rssi, httpStatus, … */
  detail: Record<string, string | number | boolean>;
  /** Milliseconds since the epoch, by the TV's clock. */
  since: number;
  /** How many times it was seen since then. */
  count: number;
}

/** The screen as structure, before pixels. */
export interface ScreenStructure {
  /** From the outside in: ["Player", "Help prompt"]. */
  path: string[];
  /** The words of the focused item. */
  focused: string | null;
  /** The latest last: "OK on Play". At most 12. */
  recentActions: string[];
}

/** Account and customer context, as the host app chooses to tell it. */
export interface ServiceContext {
  /** What the TV service was doing: "playing", "browsing". */
  serviceState: string;
  /** Title, position, account plan, … */
  facts: Record<string, string | number | boolean>;
}

export interface ServiceRequest {
  /** Null when the viewer asks from the shelf and nothing is known to be wrong. */
  fault: FaultCondition | null;
  screen: ScreenStructure;
  context: ServiceContext;
}

/** The TV as the interaction remembers it: copied at the press, so that history stays true. */
export interface TvSummary {
  tvId: string;
  serial: string;
  /** 'all-in-one' or a 'set-top-box' with a display of its own (M23). */
  form: 'all-in-one' | 'set-top-box';
  model: string;
  displayModel: string | null;
  firmware: string;
  engine: string;
  /** How people in the home call it: "Living room TV". */
  name: string;
  customer: { id: string; name: string; address: string | null; number: string | null } | null;
}
