/** The cookie that carries an agent's session; read by the HTTP routes and by the WebSocket's first request alike. */

export const SESSION_COOKIE = 'couchline';

/**
 * The session token in a `Cookie` header.
 * @returns null when there is none, or none that could be a token
 */
export function sessionTokenOf(header: string | undefined): string | null {
  for (const pair of header?.split(';') ?? []) {
    const at = pair.indexOf('=');
    if (at > 0 && pair.slice(0, at).trim() === SESSION_COOKIE) {
      const token = pair.slice(at + 1).trim();
      return /^[A-Za-z0-9_-]{16,128}$/.test(token) ? token : null;
    }
  }
  return null;
}
