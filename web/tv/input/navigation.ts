/**
 * Focus by our own rules: exactly one thing has it, arrows stop at edges, and a screen that comes
 * back finds its focus where it was. Screens are scopes; the topmost one that has anything to
 * focus has the focus. A scope that comes uninvited (no key called for it) is deaf for a moment,
 * so that a press meant for what stood there before does nothing.
 */
import type { Key } from './keys.ts';
import { nextInDirection } from './spatial.ts';
import type { Box, Direction } from './spatial.ts';

/** An uninvited screen takes no key for so long. Milliseconds. */
export const DEAF_MS = 700;
/** A screen that appears within this time of a key was called for by it. */
const INVITED_MS = 150;

/** From this level up screens are layers. */
const FIRST_LAYER = 2;

export interface Scope {
  /** One screen's name; its focus is remembered by it, a layer's while it stands. */
  name: string;
  /** Higher lies above: shelf 0, player 1, prompt 2, help 3, dialog 4 and up. */
  level: number;
  /** What B6 tells: ["Player", "Help prompt"]. */
  path: string[];
  /** No key calls for it, however shortly before it one was pressed. */
  uncalled?: boolean;
}

export interface Focusable {
  id: string;
  scope: Scope;
  /** Has the focus when the scope is new. */
  first: boolean;
  /** The words on it. */
  label: string;
  box(): Box;
  setFocused(focused: boolean): void;
  press(): void;
  /** Takes an arrow for itself (a pager, a slider); returns true when it did. */
  arrow?(direction: Direction): boolean;
}

export interface NavigationHost {
  now(): number;
  /** Runs once the changes of this turn are in. */
  later(work: () => void): void;
  /** The focus moved, or what has it changed its words. */
  focused(path: string[], label: string | null): void;
  /** OK or an arrow did something: `words` are "OK on Play". */
  acted(words: string): void;
  /** Keys do nothing for so long from now on; 0 for none. */
  deaf(forMs: number): void;
}

export class Navigation {
  readonly #host: NavigationHost;
  readonly #items: Focusable[] = [];
  readonly #remembered = new Map<string, string>();
  #current: Focusable | null = null;
  #scopeName: string | null = null;
  #told = '';
  #settling = false;
  #keyAt = -Infinity;
  #deafUntil = -Infinity;

  constructor(host: NavigationHost) {
    this.#host = host;
  }

  get current(): Focusable | null {
    return this.#current;
  }

  /** @returns what takes it away again */
  register(item: Focusable): () => void {
    this.#items.push(item);
    this.#settleLater();
    return () => {
      const index = this.#items.indexOf(item);
      if (index === -1) return;
      this.#items.splice(index, 1);
      if (this.#current === item) {
        this.#current = null;
        // It may stay on the screen and come again in another scope: it must not look focused meanwhile.
        item.setFocused(false);
      }
      this.#forget(item.scope);
      this.#settleLater();
    };
  }

  /** Words or place of something registered changed. */
  refresh(): void {
    this.#settleLater();
  }

  /** True while an uninvited screen takes no key. */
  get deaf(): boolean {
    return this.#host.now() < this.#deafUntil;
  }

  /**
   * Takes an arrow or OK. Others belong to the screens.
   * @returns true when it did something
   */
  key(key: Key): boolean {
    this.#settle();
    this.#keyAt = this.#host.now();
    const item = this.#current;
    if (item === null) return false;
    if (key === 'ok') {
      this.#host.acted(`OK on ${item.label}`);
      item.press();
      return true;
    }
    if (key !== 'up' && key !== 'down' && key !== 'left' && key !== 'right') return false;
    if (item.arrow && item.arrow(key)) return true;
    const others = this.#inScope().filter((other) => other !== item);
    const next =
      others[
        nextInDirection(
          item.box(),
          others.map((other) => other.box()),
          key,
        )
      ];
    if (!next) return false;
    this.#focus(next);
    return true;
  }

  /** Marks a key that was handled elsewhere (Back), so that what it opens counts as invited. */
  touched(): void {
    this.#keyAt = this.#host.now();
  }

  #inScope(): Focusable[] {
    let top: Scope | null = null;
    for (const { scope } of this.#items) if (top === null || scope.level > top.level) top = scope;
    return this.#items.filter((item) => top !== null && item.scope.name === top.name);
  }

  /** A layer that comes again is a new question and starts at its safe answer; only places are returned to. */
  #forget(scope: Scope): void {
    if (scope.level >= FIRST_LAYER && this.#items.every((item) => item.scope.name !== scope.name)) {
      this.#remembered.delete(scope.name);
    }
  }

  #settleLater(): void {
    if (this.#settling) return;
    this.#settling = true;
    this.#host.later(() => {
      if (this.#settling) this.#settle();
    });
  }

  #settle(): void {
    this.#settling = false;
    const items = this.#inScope();
    const scope = items.length === 0 ? null : (items[0] as Focusable).scope;
    const name = scope && scope.name;
    const changed = name !== this.#scopeName;
    const starts = this.#scopeName === null;
    this.#scopeName = name;
    const lost = this.#current === null || items.indexOf(this.#current) === -1;
    if ((changed || lost) && !starts && scope !== null) this.#arrived(scope);
    if (!lost) {
      this.#tell();
      return;
    }
    const remembered = name === null ? undefined : this.#remembered.get(name);
    const next =
      items.filter((item) => item.id === remembered)[0] || items.filter((item) => item.first)[0] || items[0] || null;
    this.#focus(next);
  }

  /** What stands there now was not there before: deaf for a moment, unless a key called for it. */
  #arrived({ uncalled }: Scope): void {
    const now = this.#host.now();
    const invited = uncalled !== true && now - this.#keyAt <= INVITED_MS;
    this.#deafUntil = invited ? -Infinity : now + DEAF_MS;
    this.#host.deaf(invited ? 0 : DEAF_MS);
  }

  #focus(item: Focusable | null): void {
    const before = this.#current;
    this.#current = item;
    if (before !== null && before !== item) before.setFocused(false);
    if (item !== null) {
      this.#remembered.set(item.scope.name, item.id);
      item.setFocused(true);
    }
    this.#tell();
  }

  #tell(): void {
    const item = this.#current;
    const words = item === null ? '' : `${item.scope.path.join('›')}›${item.label}`;
    if (words === this.#told) return;
    this.#told = words;
    this.#host.focused(item === null ? [] : item.scope.path, item && item.label);
  }
}
