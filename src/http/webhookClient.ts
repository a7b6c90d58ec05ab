/**
 * Posts to addresses that others chose. So it looks at where it really connects, follows nobody
 * elsewhere, and gives a receiver ten seconds and little room, whatever it does with them.
 */
import { lookup, type LookupAddress, type LookupAllOptions } from 'node:dns';
import http from 'node:http';
import https from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { DeliveryError, type WebhookClient } from '../events/webhooks/ports.ts';
import { isPublicAddress } from './addresses.ts';

/** Milliseconds from the look-up of the name to the head of the answer. */
const WITHIN_MS = 10_000;
/** What follows the head says nothing that matters; it is read so that the connection can serve again, up to these. */
const BODY_WITHIN_MS = 1_000;
const BODY_BYTES = 64 * 1024;

const REFUSED = 'This address lies in a private network. Register one that can be reached from the internet.';

type Resolve = (
  hostname: string,
  options: LookupAllOptions,
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

export interface WebhookClientOptions {
  /** Also connects to private and loopback addresses, and without TLS to loopback. */
  allowPrivate: boolean;
  /** Milliseconds for one answer; a test waits less. */
  withinMs?: number;
  /** Resolves names; the system's own way when left out. */
  resolve?: Resolve;
}

/** The client with its connections, which `close` ends. */
export function createWebhookClient(options: WebhookClientOptions): WebhookClient & { close(): void } {
  const { allowPrivate, withinMs = WITHIN_MS, resolve = lookup } = options;
  const agentOptions = {
    keepAlive: true,
    maxFreeSockets: 64,
    timeout: 30_000,
    lookup: guardedLookup(allowPrivate, resolve),
  };
  const agents = { 'http:': new http.Agent(agentOptions), 'https:': new https.Agent(agentOptions) };

  return {
    async post({ url, headers, body }) {
      const target = new URL(url);
      const refusal = refuseUrl(target, allowPrivate);
      if (refusal !== null) throw new DeliveryError(refusal);
      const secure = target.protocol === 'https:';
      return await new Promise((done, reject) => {
        const request = (secure ? https : http).request(target, {
          method: 'POST',
          agent: agents[secure ? 'https:' : 'http:'],
          headers: {
            ...headers,
            'content-length': Buffer.byteLength(body),
            accept: '*/*',
            'user-agent': 'Couchline-Webhooks/1',
          },
          maxHeaderSize: 16 * 1024,
        });
        let end = setTimeout(() => {
          request.destroy(new DeliveryError(`The receiver did not answer within ${withinMs / 1000} seconds.`));
        }, withinMs);
        request.on('socket', (socket) => {
          // Belt and braces: whatever was looked up, this is where the bytes would go.
          const look = () => {
            if (!allowPrivate && !isPublicAddress(socket.remoteAddress ?? '')) {
              request.destroy(new DeliveryError(REFUSED));
            }
          };
          if (socket.connecting) socket.once('connect', look);
          else look();
        });
        request.on('error', (error: NodeJS.ErrnoException) => {
          clearTimeout(end);
          reject(error instanceof DeliveryError ? error : new DeliveryError(inWords(error), { cause: error }));
        });
        request.on('response', (response) => {
          clearTimeout(end);
          done({ status: response.statusCode ?? 0, retryAfter: response.headers['retry-after'] ?? null });
          let bytes = 0;
          end = setTimeout(() => request.destroy(), BODY_WITHIN_MS);
          response.on('data', (chunk: Buffer) => {
            bytes += chunk.length;
            if (bytes > BODY_BYTES) request.destroy();
          });
          // The answer is known; how its body ends, or breaks, is not asked.
          response.on('error', () => {});
          response.on('close', () => clearTimeout(end));
        });
        request.end(body);
      });
    },
    close() {
      for (const agent of Object.values(agents)) agent.destroy();
    },
  };
}

/** Why nothing may be posted there, seen from the address alone; null when it may. Names are looked at when they are resolved. */
export function refuseUrl(url: URL, allowPrivate: boolean): string | null {
  if (url.username !== '' || url.password !== '') {
    return 'An address with a password in it is not taken: deliveries are signed instead.';
  }
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  if (url.protocol === 'http:' && !(allowPrivate && isLoopback(host))) {
    return 'Only https is taken, since events carry what people said.';
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return 'The address must begin with https.';
  if (!allowPrivate && (isLoopback(host) || (isIP(host) !== 0 && !isPublicAddress(host)))) return REFUSED;
  return null;
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host.endsWith('.localhost') || host === '::1' || /^127\./.test(host);
}

/** Resolves as Node does, and gives only addresses that may be connected to; so what was checked is what is used. */
function guardedLookup(allowPrivate: boolean, resolve: Resolve): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      if (error !== null) {
        callback(error, '');
        return;
      }
      const allowed = allowPrivate ? addresses : addresses.filter(({ address }) => isPublicAddress(address));
      const [first] = allowed;
      if (first === undefined) callback(new DeliveryError(REFUSED), '');
      else if (options.all === true) callback(null, allowed);
      else callback(null, first.address, first.family);
    });
  };
}

function inWords(error: NodeJS.ErrnoException): string {
  switch (error.code) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return 'The name of the address was not found.';
    case 'ECONNREFUSED':
      return 'Nothing listens at the address.';
    case 'ECONNRESET':
    case 'EPIPE':
      return 'The receiver hung up before it answered.';
    default: {
      const code = error.code ?? '';
      if (/CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ALTNAME/.test(code))
        return `The receiver’s certificate is not trusted (${code}).`;
      if (code.startsWith('HPE_')) return `The receiver’s answer is not HTTP (${code}).`;
      return `The receiver was not reached${code === '' ? '' : ` (${code})`}.`;
    }
  }
}
