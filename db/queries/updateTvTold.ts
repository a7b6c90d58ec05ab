import type { TvTold } from '../../src/protocol/facts.ts';
import type { Queryable } from '../database.ts';

/** @param news.customerId null leaves the TV's customer */
export async function updateTvTold(
  database: Queryable,
  centreId: string,
  tvId: string,
  news: { told: TvTold; remoteAddress: string; customerId: string | null; at: number },
): Promise<void> {
  await database.query({
    name: 'update-tv-told',
    text: `update tvs
     set told = $3, remote_address = $4, customer_id = coalesce($5, customer_id), last_heard_at = $6
     where centre_id = $1 and id = $2`,
    values: [centreId, tvId, news.told, news.remoteAddress, news.customerId, news.at],
  });
}
