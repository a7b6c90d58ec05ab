/**
 * Why there is no sound or picture from this device, from what browsers throw. The names are those of
 * Media Capture and Streams section 10.2; what a name leaves open is read from the message. Pure.
 */

export type DeviceProblem =
  /** Somebody, or the browser's settings, said no to this page. */
  | 'denied'
  /** The question was closed without an answer. */
  | 'dismissed'
  /** The operating system, or the TV's privacy setting, keeps the browser from it. */
  | 'blockedBySystem'
  | 'noDevice'
  /** It was there and is gone, and nothing is there in its place. */
  | 'unplugged'
  /** Another application has it. */
  | 'inUse'
  /** The page came over http: browsers have no devices for it. */
  | 'insecure'
  /** This engine cannot, ever. */
  | 'notSupported'
  | 'unknown';

/** @param error what getUserMedia rejected with */
export function problemOf(error: unknown): DeviceProblem {
  const { name, message } = (error || {}) as { name?: string; message?: string };
  const text = String(message);
  switch (name) {
    case 'NotAllowedError':
    case 'PermissionDeniedError':
      if (/system/i.test(text)) return 'blockedBySystem';
      return /dismissed/i.test(text) ? 'dismissed' : 'denied';
    case 'SecurityError':
      return 'denied';
    case 'NotFoundError':
    case 'DevicesNotFoundError':
    case 'OverconstrainedError':
      return 'noDevice';
    case 'NotReadableError':
    case 'TrackStartError':
    // Firefox before 2020, and others: the device did not start.
    case 'AbortError':
      return 'inUse';
    case 'NotSupportedError':
    case 'TypeError':
      return 'notSupported';
    default:
      return 'unknown';
  }
}

/** Trying again without anybody doing something first leads nowhere. */
export function isFinal(problem: DeviceProblem): boolean {
  return problem === 'notSupported' || problem === 'insecure';
}
