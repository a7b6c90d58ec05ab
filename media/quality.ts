/** What one direction of a stream was found to be over an interval. */
export interface StreamQuality {
  packets: number;
  /** 0 to 1: of the packets that were sent. */
  loss: number;
  jitterMs: number;
  bitrate: number;
  /** How a listener would rate it, 1 (bad) to 4.5 (excellent); null for pictures and while nothing flows. */
  mos: number | null;
}
