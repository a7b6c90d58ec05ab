/**
 * What is true only for a moment: how the picture plays now, where the focus stands, that somebody
 * is writing. It goes between a TV and the agent who helps it, either way in the same envelope, and
 * the other side gets the very bytes that were sent. Nothing of it is committed or acknowledged,
 * and what comes too often, or to a side that does not read, is left out: the next tells more.
 *
 * Because the bytes go on as they came, these schemas take nothing that they do not name.
 */
import { z } from 'zod';
import { id } from './facts.ts';

/** Bytes of a frame; more than the longest of these takes. */
export const MAX_LIVE_BYTES = 4096;

const envelope = { v: z.literal(1), type: z.literal('live'), interactionId: id };

/** Left out when there is nothing new to say of it. */
const writing = z.boolean().optional();

const playback = z.strictObject({
  state: z.enum(['playing', 'paused', 'stalled']),
  /** Seconds. */
  position: z.number().min(0).max(1e9),
  /** Seconds of picture that are there ahead of the position. */
  buffered: z.number().min(0).max(1e6),
  /** kbit/s of the last second; null where the engine does not tell. */
  bitrate: z.number().min(0).max(1e7).nullable(),
  /** Frames left out since the picture began; null where the engine does not tell. */
  dropped: z.number().int().min(0).nullable(),
});

const screen = z.strictObject({
  path: z.array(z.string().max(80)).max(8),
  focused: z.string().max(120).nullable(),
});

/** What a TV may say to its agent. */
export const tvLive = z
  .strictObject({ ...envelope, playback: playback.optional(), screen: screen.optional(), writing })
  .meta({ description: 'True for this moment; goes to the agent as it came, is not kept, and is not answered.' });

/** What an agent may say to the TV they help. */
export const agentLive = z
  .strictObject({ ...envelope, writing })
  .meta({ description: 'True for this moment; goes to the TV as it came, is not kept, and is not answered.' });

/** As either side hears the other. */
export type LiveMessage = z.infer<typeof tvLive>;
export type LivePlayback = z.infer<typeof playback>;
export type LiveScreen = z.infer<typeof screen>;
