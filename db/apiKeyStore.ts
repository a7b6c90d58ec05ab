/** The keys of a contact centre's own systems, in Postgres. */
import type { ApiKeyStore } from '../src/registration/apiKeys.ts';
import type { Database } from './database.ts';
import { findApiKey } from './queries/findApiKey.ts';
import { insertApiKey } from './queries/insertApiKey.ts';
import { listApiKeys } from './queries/listApiKeys.ts';
import { revokeApiKey } from './queries/revokeApiKey.ts';
import { updateApiKeyUsed } from './queries/updateApiKeyUsed.ts';

export function createApiKeyStore(database: Database): ApiKeyStore {
  return {
    list: (centreId) => listApiKeys(database, centreId),
    insert: (centreId, key) => insertApiKey(database, centreId, key),
    revoke: (centreId, keyId, by, at) => revokeApiKey(database, centreId, keyId, by, at),
    find: (hash) => findApiKey(database, hash),
    used: (keyId, at) => updateApiKeyUsed(database, keyId, at),
  };
}
