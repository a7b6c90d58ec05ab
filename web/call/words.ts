/**
 * What a call tells people, in the words of the screens (what happened; what still works or how to fix
 * it; one action). The face decides the words: a TV has settings where a browser has an address bar. Pure.
 */
import type { Lacking } from './capabilities.ts';
import type { DeviceProblem } from './deviceProblem.ts';
import type { DeviceNotice, Permission } from './input.ts';
import type { Quality, QualityReason } from './quality.ts';
import type { CallConnection } from './types.ts';

export type Face = 'tv' | 'desk' | 'phone';
export type Thing = 'microphone' | 'camera';

export interface Words {
  /** What happened, one sentence. */
  what: string;
  /** What still works, or how to fix it, one sentence. */
  fix: string;
  /** The button's label; null where there is nothing to be done. */
  action: string | null;
}

const CHECK = 'Check again';

/** Why there is no sound or picture from here, and what to do. */
export function problemWords(problem: DeviceProblem, thing: Thing, face: Face): Words {
  const tv = face === 'tv';
  const device = tv ? 'This TV' : face === 'phone' ? 'This phone' : 'This computer';
  const still = thing === 'microphone' ? 'You can see and hear the others.' : 'You can be heard without a picture.';
  switch (problem) {
    case 'denied':
      if (tv) return blockedByTv(thing);
      return {
        what: `This page is not allowed to use the ${thing}.`,
        fix: `Allow it in the browser, beside the address of this page. ${still}`,
        action: CHECK,
      };
    case 'dismissed':
      return {
        what: `The question about the ${thing} was closed without an answer.`,
        fix: `Ask again and choose Allow. ${still}`,
        action: 'Ask again',
      };
    case 'blockedBySystem':
      if (tv) return blockedByTv(thing);
      return {
        what: `${device} is blocking the ${thing} for this browser.`,
        fix: `Turn it on in the system settings, Privacy, ${capital(thing)}.`,
        action: CHECK,
      };
    case 'noDevice':
      return {
        what: `No ${thing} found.`,
        fix: tv ? 'Your phone can stand in for it.' : `Connect one, and it is used at once. ${still}`,
        action: tv ? 'Use my phone' : CHECK,
      };
    case 'unplugged':
      return {
        what: `The ${thing} was unplugged.`,
        fix: `Plug it in again, and it is used at once. ${still}`,
        action: CHECK,
      };
    case 'inUse':
      return {
        what: `Another app is using the ${thing}.`,
        fix: tv ? 'Close the other app, then check again.' : `Close the app or tab that uses it. ${still}`,
        action: CHECK,
      };
    case 'insecure':
      return {
        what: `Browsers keep the ${thing} from pages that begin with http.`,
        fix: 'Open this page by its https address.',
        action: null,
      };
    case 'notSupported':
      return {
        what: `${tv ? 'This TV' : 'This browser'} cannot use a ${thing}.`,
        fix: tv ? 'Your phone can stand in for it.' : `Open this page in another browser. ${still}`,
        action: tv ? 'Use my phone' : null,
      };
    case 'unknown':
      return {
        what: `The ${thing} did not start.`,
        fix: tv ? 'Turn the TV off and on, then check again.' : 'Unplug it and plug it in again, or choose another.',
        action: CHECK,
      };
  }
}

function blockedByTv(thing: Thing): Words {
  return { what: `The TV is blocking the ${thing}.`, fix: 'Turn it on in TV settings, Privacy.', action: CHECK };
}

/** Before a device is turned on: what will be asked. Null where nothing needs to be said. */
export function permissionWords(permission: Permission, thing: Thing, face: Face): Words | null {
  if (permission === 'prompt') {
    const asks = face === 'tv' ? 'The TV' : 'The browser';
    return { what: `${asks} will ask about the ${thing}.`, fix: 'Choose Allow.', action: null };
  }
  return permission === 'denied' ? problemWords('denied', thing, face) : null;
}

/** What became of a device in use: "Headset was unplugged. You are heard through Built-in microphone." */
export function noticeWords(notice: DeviceNotice, thing: Thing): string {
  const [called, through] = thing === 'microphone' ? ['microphone', 'heard'] : ['camera', 'seen'];
  const name = (label: string): string => label || `another ${called}`;
  if (notice.kind === 'cameBack') return `You are ${through} through ${name(notice.now)} again.`;
  return `${notice.gone || `The ${called}`} was unplugged. You are ${through} through ${name(notice.now)}.`;
}

/** Why a way is not offered. */
export function lackingWords(lacking: Lacking, face: Face): string {
  const device = face === 'tv' ? 'This TV' : 'This browser';
  switch (lacking) {
    case 'engine':
      return `${device} cannot make video calls.`;
    case 'insecure':
      return 'Calls need an https address.';
    case 'pictureFormat':
      return `${device} cannot show the pictures that a video call sends.`;
    case 'microphone':
    case 'camera':
      return `No ${lacking} found.`;
  }
}

const REASONS: Record<QualityReason, string> = {
  loss: 'Some of what the others send gets lost.',
  sendLoss: 'Some of what you send gets lost.',
  delay: 'What is said arrives late.',
  jitter: 'Sound and picture arrive unevenly.',
  freezes: 'The picture stops now and then.',
  silence: 'Nothing arrives from the others.',
};

/** "Connection: fair. The picture stops now and then." Null while there is nothing to judge by. */
export function qualityWords({ grade, reason }: Quality): string | null {
  if (grade === null) return null;
  return reason === null ? `Connection: ${grade}.` : `Connection: ${grade}. ${REASONS[reason]}`;
}

/** Where the call stands, in a word or two; null when there is none. */
export function connectionWords({ kind }: CallConnection, face: Face): string | null {
  switch (kind) {
    case 'idle':
      return null;
    case 'joining':
    case 'connecting':
      return 'Connecting';
    case 'connected':
      return 'Connected';
    case 'reconnecting':
      return 'Reconnecting';
    case 'left':
      return 'You left the call.';
    case 'impossible':
      return lackingWords('engine', face);
  }
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
