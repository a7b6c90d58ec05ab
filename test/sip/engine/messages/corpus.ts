import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../../../..');
const folder = resolve(root, process.env.SIP_TORTURE_DIR ?? '../shared/conformance/rfc4475');

/** Whether the 49 messages of RFC 4475 are on this machine. */
export const hasCorpus = existsSync(resolve(folder, 'wsinv.dat'));

/** One message of RFC 4475, as it goes over the wire. */
export function torture(name: string): Buffer {
  return readFileSync(resolve(folder, `${name}.dat`));
}
