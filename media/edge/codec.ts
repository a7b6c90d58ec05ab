/** What telephones speak here. */
export type EdgeCodec = 'PCMU' | 'PCMA' | 'G722';

/** Octets, and ticks of the RTP clock, in 20 ms: all three codecs have that in common. */
export const FRAME_OCTETS = 160;
