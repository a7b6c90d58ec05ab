/** The columns of a TV with its centre and customer, and the record they make. Shared by the queries that find one. */
import type { TvRecord } from '../../src/registration/ports.ts';

export const tvColumns = `
  tvs.id, tvs.serial, tvs.secret_hash, tvs.name, tvs.told, tvs.remote_address, tvs.connected,
  centres.id as centre_id, centres.name as centre_name,
  customers.id as customer_id, customers.reference as customer_reference, customers.name as customer_name,
  customers.address as customer_address, customers.number as customer_number`;

export const tvTables = `
  tvs
  join centres on centres.id = tvs.centre_id
  left join customers on customers.id = tvs.customer_id and customers.centre_id = tvs.centre_id`;

export interface TvRow {
  id: string;
  serial: string;
  secret_hash: Buffer;
  name: string;
  told: TvRecord['told'];
  remote_address: string | null;
  connected: boolean;
  centre_id: string;
  centre_name: string;
  customer_id: string | null;
  customer_reference: string;
  customer_name: string;
  customer_address: string | null;
  customer_number: string | null;
}

export function tvOfRow(row: TvRow): TvRecord {
  return {
    id: row.id,
    centre: { id: row.centre_id, name: row.centre_name },
    serial: row.serial,
    secretHash: row.secret_hash,
    name: row.name,
    told: row.told,
    remoteAddress: row.remote_address,
    connected: row.connected,
    customer:
      row.customer_id === null
        ? null
        : {
            id: row.customer_id,
            reference: row.customer_reference,
            name: row.customer_name,
            address: row.customer_address,
            number: row.customer_number,
          },
  };
}
