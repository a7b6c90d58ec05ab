import type { SdpCrypto } from './description.ts';

/** The suites of RFC 4568 that mediasoup speaks over plain RTP with a key of 128 bits. */
const SUITES = ['AES_CM_128_HMAC_SHA1_80', 'AES_CM_128_HMAC_SHA1_32'] as const;
export type SdesSuite = (typeof SUITES)[number];

/** A key of SRTP that goes openly in the SDP (SDES), for trunks whose signalling is encrypted. */
export interface SdesKey {
  tag: number;
  suite: SdesSuite;
  /** Master key and salt, 30 bytes, in base64. */
  keyBase64: string;
}

/** Master key of 16 bytes and salt of 14. */
const KEY_BYTES = 30;

/** Writes a key. */
export function printKey({ tag, suite, keyBase64 }: SdesKey): SdpCrypto {
  return { tag, suite, keyParams: `inline:${keyBase64}`, sessionParams: '' };
}

/**
 * Finds the keys that can be used, in the peer's order. A key with a master key identifier, with several keys, or
 * with parameters that switch off encryption or change the derivation is passed over (RFC 4568 6.3).
 */
export function usableKeys(lines: readonly SdpCrypto[]): SdesKey[] {
  return lines.flatMap(({ tag, suite, keyParams, sessionParams }) => {
    const known = SUITES.find((one) => one === suite.toUpperCase());
    // A lifetime is fine: a call ends long before 2^20 packets of it.
    const [, keyBase64 = ''] = /^inline:([A-Za-z0-9+/]{40}={0,2})(?:\|(?:2\^)?\d{1,19})?$/i.exec(keyParams) ?? [];
    const fits = Buffer.from(keyBase64, 'base64').length === KEY_BYTES;
    return known === undefined || !fits || sessionParams !== '' ? [] : [{ tag, suite: known, keyBase64 }];
  });
}
