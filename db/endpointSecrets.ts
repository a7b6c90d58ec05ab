/** The signing secrets of webhooks, which every delivery needs in the clear and the database keeps sealed. */
import type { Database } from './database.ts';
import { listSecrets } from './queries/listSecrets.ts';
import { replaceSecrets } from './queries/replaceSecrets.ts';
import { UnreadableSecretError, type SecretBox } from './secretBox.ts';

/**
 * @param kept every one that counts, the newest first
 * @throws UnreadableSecretError when the newest cannot be opened; an older one is left out then
 */
export function openSecrets(box: SecretBox, endpointId: string, [newest, ...older]: string[]): string[] {
  if (newest === undefined) return [];
  return [
    box.open(newest, endpointId),
    ...older.map((one) => tryOpen(box, endpointId, one)).filter((one) => one !== null),
  ];
}

/**
 * Seals what stands readable, or was sealed with an older key. Several services may do it at once.
 * @returns how many endpoints have a secret that cannot be opened
 */
export async function resealSecrets(database: Database, box: SecretBox): Promise<{ unreadable: number }> {
  let unreadable = 0;
  for (const { id, ...kept } of await listSecrets(database)) {
    const secret = tryOpen(box, id, kept.secret);
    if (secret === null) {
      unreadable += 1;
      continue;
    }
    const oldSecret = kept.oldSecret === null ? null : tryOpen(box, id, kept.oldSecret);
    const asNow = box.isCurrent(kept.secret) && (kept.oldSecret === null || box.isCurrent(kept.oldSecret));
    if (asNow) continue;
    await replaceSecrets(database, id, kept, {
      secret: box.seal(secret, id),
      oldSecret: oldSecret === null ? kept.oldSecret : box.seal(oldSecret, id),
    });
  }
  return { unreadable };
}

function tryOpen(box: SecretBox, endpointId: string, kept: string): string | null {
  try {
    return box.open(kept, endpointId);
  } catch (error) {
    if (error instanceof UnreadableSecretError) return null;
    throw error;
  }
}
