import { SipHeaders } from '../messages/headers.ts';
import { parseCallId } from '../messages/callId.ts';
import { parseFrom, parseTo } from '../messages/nameAddr.ts';
import { OPTIONAL } from '../messages/optional.ts';
import { isToken, SipSyntaxError } from '../messages/syntax.ts';

/** What an application sends: some headers and a body; the engine fills in the rest. */
export interface PartialRequest {
  kind: 'request';
  method: string;
  uri: string;
  headers: SipHeaders;
  body: Buffer;
}

export interface PartialResponse {
  kind: 'response';
  status: number;
  reason: string;
  headers: SipHeaders;
  body: Buffer;
}

const SDP = Buffer.from('v=0');

/** Whether the body is SDP, which is recognised without a Content-Type. */
export function isSdp(body: Buffer): boolean {
  return body.subarray(0, SDP.length).equals(SDP);
}

/** Whether the body, if there is one, has its Content-Type or needs none from the application. */
export function hasKnownBody({ body, headers }: PartialRequest | PartialResponse): boolean {
  return body.length === 0 || headers.has('content-type') || isSdp(body);
}

/** Names whose usual spelling is not that of capital first letters. */
const SPELLINGS: Record<string, string> = {
  'call-id': 'Call-ID',
  cseq: 'CSeq',
  'mime-version': 'MIME-Version',
  'min-se': 'Min-SE',
  rack: 'RAck',
  rseq: 'RSeq',
  'sip-etag': 'SIP-ETag',
  'sip-if-match': 'SIP-If-Match',
  'www-authenticate': 'WWW-Authenticate',
};

const spellings = new Map<string, string>(Object.entries(SPELLINGS));
/** Names come from applications, which might make them up; beyond this they are spelled anew each time. */
const MAX_SPELLINGS = 500;

/** Header fields of an application that the engine reads itself, or that its peer would refuse. */
const CHECKED: ReadonlyMap<string, (value: string) => unknown> = new Map<string, (value: string) => unknown>([
  ...OPTIONAL,
  ['from', parseFrom],
  ['to', parseTo],
  ['call-id', parseCallId],
]);

/** Why a message of an application cannot be sent: the first field that is not as its RFC has it; undefined if none. */
export function malformation({ headers }: PartialRequest | PartialResponse): string | undefined {
  try {
    for (const { key } of headers.fields) {
      const parser = CHECKED.get(key);
      if (parser !== undefined) headers.check(key, parser);
    }
    return undefined;
  } catch (error) {
    if (error instanceof SipSyntaxError) return `malformed header: ${error.message}`;
    throw error;
  }
}

/**
 * Reads a message of an application. Its Content-Length is not believed: the client counts characters.
 * @returns undefined where it has no start line, or a header cannot be one.
 */
export function parsePartial(text: string): PartialRequest | PartialResponse | undefined {
  const end = text.indexOf('\r\n\r\n');
  const head = end < 0 ? text : text.slice(0, end);
  const body = end < 0 ? Buffer.alloc(0) : Buffer.from(text.slice(end + 4));
  const lines = head.split('\r\n');
  const headers = new SipHeaders();
  for (let at = 1; at < lines.length; at++) {
    const line = lines[at] ?? '';
    if (line === '') continue;
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).trim();
    if (colon <= 0 || !isToken(name) || line.startsWith(' ')) return undefined;
    const value = line.slice(colon + 1).trim();
    if (/[\r\n]/.test(value)) return undefined;
    const spelled = spell(name);
    if (spelled !== 'Content-Length') headers.push(spelled, value);
  }
  const start = lines[0] ?? '';
  const status = /^SIP\/2\.0 ([1-6]\d\d)(?: (.*))?$/.exec(start);
  if (status) return { kind: 'response', status: Number(status[1]), reason: status[2] ?? '', headers, body };
  const request = /^(\S+) (\S+) SIP\/2\.0$/.exec(start);
  const method = request?.[1];
  const uri = request?.[2];
  if (method === undefined || uri === undefined || !isToken(method)) return undefined;
  return { kind: 'request', method, uri, headers, body };
}

/** The client writes names in small letters; names with capitals are left as somebody wanted them. */
function spell(name: string): string {
  const known = spellings.get(name);
  if (known !== undefined) return known;
  const spelled = /[A-Z]/.test(name) ? name : name.replace(/(^|-)[a-z]/g, (first) => first.toUpperCase());
  if (spellings.size < MAX_SPELLINGS) spellings.set(name, spelled);
  return spelled;
}
