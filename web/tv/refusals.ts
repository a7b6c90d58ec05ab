/**
 * What the TV says when the service did not take something. What the service says of it is written
 * for the desk and for logs, and never stands on a TV.
 */
import type { ConnectionState, RefusedError } from '../connector/types.ts';

const AGAIN = 'That was not taken. Press again in a moment.';
const GONE_ON = 'Help has gone on meanwhile. Look at what the TV shows now.';

const WORDS: Partial<Record<RefusedError['code'], string>> = {
  version: 'This app is too old for that. Update it in the app store of the TV.',
  malformed: 'This app is too old for that. Update it in the app store of the TV.',
  unauthorized: 'Help does not know this TV. Pair it again.',
  rateLimited: 'That was a lot at once. Wait a moment, then press again.',
  notFound: GONE_ON,
  notYours: GONE_ON,
  wrongState: GONE_ON,
  badReference: GONE_ON,
  ended: 'This help has come to its end. Ask for help again.',
};

/** @param error what the connector rejected with; other errors have no code, and are said in the same words as bad luck */
export function refusalWords(error: unknown): string {
  return WORDS[(error as Partial<RefusedError>).code || 'unavailable'] || AGAIN;
}

interface StoppedWords {
  title: string;
  text: string;
  /** The way on. */
  go: string;
  pairs: boolean;
}

type Why = Extract<ConnectionState, { kind: 'stopped' }>['why'];

/** What stands where help was asked for and the connection will not come back by itself. */
export function stoppedWords(why: Why): StoppedWords {
  switch (why) {
    case 'unauthorized':
      return {
        title: 'Help does not know this TV. Pair it again.',
        text: 'What you watch goes on as before.',
        go: 'Pair this TV',
        pairs: true,
      };
    case 'version':
      return {
        title: 'This app is too old for help.',
        text: 'Update it in the app store of the TV. What you watch goes on as before.',
        go: 'Try again',
        pairs: false,
      };
    case 'replaced':
    case 'closed':
      return {
        title: 'Help for this TV is open in another window.',
        text: 'It is in one window at a time.',
        go: 'Open it here',
        pairs: false,
      };
  }
}
