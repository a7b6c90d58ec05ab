/**
 * New information while help is under way (M10): what changed of fault, screen and context goes
 * to the service, at most one message per two seconds, and only when something changed.
 */
import { same } from './bounds.ts';
import type { ServiceRequest } from '../../src/interaction/facts.ts';
import type { InteractionView, ViewerCommand } from './types.ts';

const EVERY_MS = 2_000;

type Update = Extract<ViewerCommand, { type: 'update' }>;

export interface Updates {
  /** Looks whether something is to be told. Call it after every change. */
  check(): void;
  stop(): void;
}

export interface UpdatesOptions {
  /** The interaction under way while the service can be told, else null. */
  view(): InteractionView | null;
  /** As things are on this TV now. */
  now(): ServiceRequest;
  send(interactionId: string, update: Update): Promise<unknown>;
}

export function createUpdates({ view, now, send }: UpdatesOptions): Updates {
  let of: string | null = null;
  /** What the service knows, with what is under way to it. */
  let told: ServiceRequest | null = null;
  let underWay = false;
  let sentAt = 0;
  let timer: ReturnType<typeof setTimeout> | null = null;

  function check(): void {
    const open = view();
    if (open === null || !mayTell(open) || underWay || timer !== null) return;
    if (of !== open.id || told === null) {
      of = open.id;
      told = { ...open.request, fault: open.faultGoneAt === null ? open.request.fault : null };
    }
    const update = difference(told, now());
    if (update === null) return;
    const wait = Math.min(sentAt + EVERY_MS - Date.now(), EVERY_MS);
    if (wait > 0) {
      timer = setTimeout(() => {
        timer = null;
        check();
      }, wait);
      return;
    }
    sentAt = Date.now();
    told = {
      fault: update.fault === undefined ? told.fault : update.fault,
      screen: update.screen || told.screen,
      context: update.context || told.context,
    };
    underWay = true;
    const over = (): void => {
      underWay = false;
      check();
    };
    // A refused update is not said again: the next change says all that matters.
    send(open.id, update).then(over, over);
  }

  return {
    check,
    stop() {
      if (timer !== null) clearTimeout(timer);
      of = null;
    },
  };
}

/**
 * Nothing of the screen is told to an agent whose invitation is not accepted (IX4), nor after the
 * talk (IX16). What an agent opened reads as self-service until its invitation is heard.
 */
function mayTell({ origin, status }: InteractionView): boolean {
  if (status.kind === 'selfService') return origin === 'viewer';
  return ['queued', 'offered', 'active'].indexOf(status.kind) !== -1;
}

function difference(told: ServiceRequest, now: ServiceRequest): Update | null {
  const update: Update = { type: 'update' };
  if (!same(now.fault, told.fault)) update.fault = now.fault;
  if (!same(now.screen, told.screen)) update.screen = now.screen;
  if (!same(now.context, told.context)) update.context = now.context;
  return update.fault !== undefined || update.screen || update.context ? update : null;
}
