/**
 * Session descriptions as others write them. Chromium's, baresip's and Firefox' answer were captured; the offers of
 * Firefox and Safari and those of telephones and trunks are written after their documentation and RFCs, with
 * documentation addresses.
 */
import { readFileSync } from 'node:fs';

const crlf = (text: string) => `${text.trim().replace(/\r?\n/g, '\r\n')}\r\n`;
const file = (name: string) => crlf(readFileSync(new URL(`./samples/${name}.sdp`, import.meta.url), 'utf8'));

/** Firefox' answer to two sections for sound and two for pictures, of which it sends one in three sizes. */
export const FIREFOX_ANSWER = file('firefox-153-answer');

/** The first offer of a telephone that speaks ICE and DTLS-SRTP. */
export const DTLS_TELEPHONE = file('baresip-1.0-dtls-offer');

/** First offers of browsers. */
export const BROWSER_OFFERS = {
  chromium: file('chromium-156-offer'),
  firefox: file('firefox-offer'),
  safari: file('safari-offer'),
};

/** Chromium's answer to two sections for sound and two for pictures, and its offer when it holds thereafter. */
export const CHROMIUM_ANSWER = file('chromium-156-answer');
export const CHROMIUM_HOLD = file('chromium-156-hold');

const session = (lines: string) =>
  crlf(`v=0\no=- 20518 0 IN IP4 203.0.113.1\ns=-\nc=IN IP4 203.0.113.7\nt=0 0\n${lines}`);

/** Offers of telephones, gateways and trunks. */
export const TELEPHONE_OFFERS = {
  baresip: file('baresip-1.0-offer'),
  asterisk: session(`m=audio 18964 RTP/AVP 8 0 101
a=rtpmap:8 PCMA/8000
a=rtpmap:0 PCMU/8000
a=rtpmap:101 telephone-event/8000
a=fmtp:101 0-16
a=ptime:20
a=maxptime:150
a=sendrecv`),
  trunk: session(`m=audio 12042 RTP/AVP 0 8 101
a=rtpmap:0 PCMU/8000
a=rtpmap:8 PCMA/8000
a=rtpmap:101 telephone-event/8000
a=fmtp:101 0-16
a=maxptime:20
a=sendrecv
a=rtcp:12043`),
  deskPhone: session(`m=audio 2236 RTP/AVP 9 0 8 18 127
a=rtpmap:9 G722/8000
a=rtpmap:18 G729/8000
a=fmtp:18 annexb=no
a=rtpmap:127 telephone-event/8000
a=sendrecv
m=video 0 RTP/AVP 109
a=rtpmap:109 H264/90000`),
  videoPhone: session(`m=audio 7078 RTP/AVP 96 0 8 101
a=rtpmap:96 opus/48000/2
a=fmtp:96 useinbandfec=1
a=rtpmap:101 telephone-event/48000
a=rtcp-fb:* trr-int 5000
m=video 9078 RTP/AVPF 97
a=rtpmap:97 H264/90000
a=fmtp:97 profile-level-id=42801F`),
  staticNumbers: session('m=audio 49170 RTP/AVP 0'),
  secure: session(`m=audio 5004 RTP/SAVP 0 101
a=rtpmap:101 telephone-event/8000
a=crypto:1 AES_256_CM_HMAC_SHA1_80 inline:T1VSS0VZVEhJU0lTTE9OR0VSVEhBTk5FRURFREZPUkFFUzI1NktFWVM9
a=crypto:2 AES_CM_128_HMAC_SHA1_80 inline:WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz|2^20
a=crypto:3 AES_CM_128_HMAC_SHA1_32 inline:NzB4d1BINUAvLEw6UzF3WSJ+PSdFcGdUJShpX1Zj|2^20|1:32`),
  held: session('m=audio 49170 RTP/AVP 0\na=sendonly'),
  heldOfOld: crlf('v=0\no=- 1 2 IN IP4 203.0.113.1\ns=-\nc=IN IP4 0.0.0.0\nt=0 0\nm=audio 49170 RTP/AVP 0'),
};

/** What nobody here speaks. */
export const FAX = session('m=image 4500 udptl t38\na=T38FaxVersion:0\na=T38FaxMaxBuffer:512');
