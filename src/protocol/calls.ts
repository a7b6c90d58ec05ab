/**
 * The calls page's side of HTTP, under /api/admin/calls: whether sound and picture work, and a try of one's own camera
 * and microphone, which come back from the service. For supervisors. Errors are `ApiError`.
 */
import { z } from 'zod';

// GET /api/admin/calls → CallsState
// POST /api/admin/calls/try → 201 CallTry; in the place of an earlier one of the same supervisor
// POST …/try/:id/offer → CallTryOffer (new paths for the same try); …/try/:id/answer (CallTryAnswer) → CallTryAnswered
// GET …/try/:id → CallTryState; DELETE …/try/:id → 204

/** How the media layer stands. */
export interface CallsState {
  /** Why there is neither sound nor picture and what to do; null when there are. */
  missing: string | null;
  workersWanted: number;
  /** Those that run. */
  workers: MediaWorkerState[];
  /** What browsers are told to send to: this machine's own, or the announced one. */
  addresses: string[];
  /** Of TURN servers; empty without one. */
  turnUrls: string[];
  /** Open just now. */
  rooms: number;
  browsers: number;
  telephones: number;
}

export interface MediaWorkerState {
  /** From 0 on. */
  slot: number;
  /** By UDP and TCP; one, unless the system chose them. */
  ports: number[];
  /** Share of a core; null until it was measured. */
  cpu: number | null;
  /** Bytes; null until it was measured, and where the system does not tell. */
  memory: number | null;
  rooms: number;
}

export interface CallTryOffer {
  sdp: string;
}

export interface CallTry extends CallTryOffer {
  id: string;
  iceServers: { urls: string[]; username: string; credential: string }[];
  /** It is over then, milliseconds since the epoch. */
  endsAt: number;
}

/** Answers are some 5 kB; what is longer is no answer. */
export const callTryAnswer = z.object({ sdp: z.string().min(1).max(48_000) });

export interface CallTryAnswered {
  /** Which section of the offer shows what comes back; its own id is the participant. */
  layout: { mid: string; participant: string | null }[];
}

/** A try, as the service sees it. */
export interface CallTryState {
  /**
   * `nothing`: no packet of the browser's came. `reached`: packets came, and encryption is not agreed on yet.
   * `connected`: media can flow. `lost`: they did, and stopped.
   */
  connection: 'nothing' | 'reached' | 'connected' | 'lost';
  /** Where the browser's packets come from, as the service sees it: the TURN server's address where it relays. */
  from: { protocol: 'udp' | 'tcp'; address: string; port: number } | null;
  endsAt: number;
}
