/** A TV's record as others look at it. */
import type { TvSummary } from '../interaction/facts.ts';
import type { TvFacts } from '../routing/routing.ts';
import type { TvRecord } from './ports.ts';

/** As an interaction remembers it; what was never told is empty. */
export function summaryOf(tv: TvRecord): TvSummary {
  const { told, customer } = tv;
  return {
    tvId: tv.id,
    serial: tv.serial,
    form: told?.form ?? 'all-in-one',
    model: told?.model ?? '',
    displayModel: told?.displayModel ?? null,
    firmware: told?.firmware ?? '',
    engine: told?.engine ?? '',
    name: tv.name,
    customer: customer && {
      id: customer.id,
      name: customer.name,
      address: customer.address,
      number: customer.number,
    },
  };
}

/** As matching looks at it. */
export function factsOf(tv: TvRecord): TvFacts {
  return {
    operator: tv.told?.operator ?? null,
    model: tv.told?.model ?? '',
    region: tv.told?.region ?? null,
    customerId: tv.customer?.id ?? null,
    wantedRepresentative: tv.told?.wantedRepresentative ?? null,
  };
}
