/** Digest access authentication with MD5 and qop=auth (RFC 2617, as RFC 3261, 22 uses it), for both sides. */
import { createHash } from 'node:crypto';

const md5 = (text: string) => createHash('md5').update(text).digest('hex');

export interface Login {
  username: string;
  password: string;
}

/** "Digest realm=…" with a nonce to be answered. */
export function challenge(realm: string, nonce: string): string {
  return `Digest realm="${realm}", nonce="${nonce}", algorithm=MD5, qop="auth"`;
}

/** The parameters of a challenge or of an answer to one. */
export function digestParts(value = ''): Map<string, string> {
  const parts = value.matchAll(/(\w+)=(?:"([^"]*)"|([^\s,]+))/g);
  return new Map([...parts].map(([, name = '', quoted, bare]) => [name, quoted ?? bare ?? '']));
}

/** The Authorization that answers a challenge. */
export function answer(challenged: string, method: string, uri: string, { username, password }: Login): string {
  const parts = digestParts(challenged);
  const given = new Map([
    ['username', username],
    ['realm', parts.get('realm') ?? ''],
    ['nonce', parts.get('nonce') ?? ''],
    ['uri', uri],
    ['qop', 'auth'],
    ['nc', '00000001'],
    ['cnonce', 'c0ffee'],
  ]);
  const quoted = [...given].map(([name, value]) =>
    /^(qop|nc)$/.test(name) ? `${name}=${value}` : `${name}="${value}"`,
  );
  return `Digest ${quoted.join(', ')}, response="${responseOf(given, method, password)}", algorithm=MD5`;
}

/** Whether an Authorization is of one who knows the password. */
export function proves(authorization: string | undefined, method: string, { username, password }: Login): boolean {
  const parts = digestParts(authorization);
  return parts.get('username') === username && parts.get('response') === responseOf(parts, method, password);
}

function responseOf(parts: Map<string, string>, method: string, password: string): string {
  const part = (name: string) => parts.get(name) ?? '';
  const secret = md5(`${part('username')}:${part('realm')}:${password}`);
  const asked = md5(`${method}:${part('uri')}`);
  const fresh = part('qop') === '' ? part('nonce') : ['nonce', 'nc', 'cnonce', 'qop'].map(part).join(':');
  return md5(`${secret}:${fresh}:${asked}`);
}
