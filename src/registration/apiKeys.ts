/** Keys by which a contact centre's own systems prove who they are. Only their SHA-256 is kept. */
import type { ApiKeyListed } from '../protocol/admin.ts';
import type { ApiScope } from '../protocol/apiScopes.ts';
import { hashToken, mintToken } from './tokens.ts';

const PREFIX = 'ck_';

/** A key is written down as used once in this many milliseconds. */
const USED_EVERY_MS = 60_000;

/** A system that proved who it is. */
export interface ApiCaller {
  keyId: string;
  centreId: string;
  scopes: ApiScope[];
}

export interface ApiKeyStore {
  /** The latest first, revoked ones too. */
  list(centreId: string): Promise<ApiKeyListed[]>;
  insert(
    centreId: string,
    key: { id: string; name: string; hash: Buffer; hint: string; scopes: ApiScope[]; by: string; at: number },
  ): Promise<void>;
  /** @returns false when the centre has no live key of this id */
  revoke(centreId: string, keyId: string, by: string, at: number): Promise<boolean>;
  /** Null when it is unknown or revoked. */
  find(hash: Buffer): Promise<(ApiCaller & { lastUsedAt: number | null }) | null>;
  used(keyId: string, at: number): Promise<void>;
}

export interface ApiKeys {
  /** Null when the key is unknown or revoked. */
  authenticate(key: string): Promise<ApiCaller | null>;
  /** @returns the key, which is told this once */
  create(
    centreId: string,
    wish: { name: string; scopes: ApiScope[] },
    by: string,
  ): Promise<{ id: string; key: string }>;
  revoke(centreId: string, keyId: string, by: string): Promise<boolean>;
  list(centreId: string): Promise<ApiKeyListed[]>;
}

export function createApiKeys(options: { store: ApiKeyStore; clock: () => number; newId: () => string }): ApiKeys {
  const { store, clock, newId } = options;
  return {
    async authenticate(key) {
      if (!key.startsWith(PREFIX)) return null;
      const found = await store.find(hashToken(key));
      if (found === null) return null;
      const { lastUsedAt, ...caller } = found;
      const now = clock();
      if (lastUsedAt === null || now - lastUsedAt > USED_EVERY_MS) await store.used(caller.keyId, now);
      return caller;
    },
    async create(centreId, { name, scopes }, by) {
      const key = PREFIX + mintToken();
      const id = newId();
      await store.insert(centreId, { id, name, hash: hashToken(key), hint: key.slice(-4), scopes, by, at: clock() });
      return { id, key };
    },
    revoke: (centreId, keyId, by) => store.revoke(centreId, keyId, by, clock()),
    list: (centreId) => store.list(centreId),
  };
}
