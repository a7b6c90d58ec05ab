/** A video element's outside: what a test sets is what the connector reads. */

export class FakeVideo extends EventTarget {
  currentTime = 0;
  paused = false;
  seeking = false;
  ended = false;
  readyState = 4;
  networkState = 2;
  error: { code: number; message: string } | null = null;
  bufferedUntil = 0;
  loads = 0;
  plays = 0;

  get buffered(): { length: number; start: (at: number) => number; end: (at: number) => number } {
    return { length: this.bufferedUntil > 0 ? 1 : 0, start: () => 0, end: () => this.bufferedUntil };
  }

  load(): void {
    this.loads += 1;
    this.error = null;
  }

  play(): Promise<void> {
    this.plays += 1;
    return Promise.resolve();
  }

  tell(type: string): void {
    this.dispatchEvent(new Event(type));
  }

  /** The picture advances by so many seconds, a quarter at a time. */
  advance(seconds: number): void {
    for (let step = 0; step < seconds * 4; step += 1) {
      this.currentTime += 0.25;
      this.tell('timeupdate');
    }
  }

  fail(code: number, message = ''): void {
    this.error = { code, message };
    this.tell('error');
  }

  get element(): HTMLVideoElement {
    return this as unknown as HTMLVideoElement;
  }
}
