/** The timer values of RFC 3261 17 in milliseconds (table 4 of its appendix A). */
export interface TransactionTimers {
  /** Estimate of a round trip. */
  t1: number;
  /** Longest pause between retransmissions of a request other than INVITE, and of final responses. */
  t2: number;
  /** Longest time a message stays in the network. */
  t4: number;
  /** Timer C: how long a proxied INVITE may ring (16.6, more than three minutes). */
  c: number;
}

export const defaultTimers: TransactionTimers = { t1: 500, t2: 4000, t4: 5000, c: 181_000 };
