import { SipSyntaxError } from './syntax.ts';

const FORM =
  /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), [0-9]{2} (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) [0-9]{4} [0-9]{2}:[0-9]{2}:[0-9]{2} GMT$/i;

/** Date (RFC 3261 20.17): the form of RFC 1123, and no time zone but GMT. @throws SipSyntaxError */
export function parseDate(value: string): Date {
  const date = new Date(FORM.test(value) ? value : NaN);
  if (Number.isNaN(date.getTime())) throw new SipSyntaxError('Date is not of RFC 1123 in GMT (RFC 3261 20.17)');
  return date;
}

export function serializeDate(date: Date): string {
  return date.toUTCString();
}
