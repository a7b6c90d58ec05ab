import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { afterPaint } from '../../../../web/agent/offer/after-paint.ts';

/** A page whose frames are drawn when the test says so. */
class FakePage extends EventTarget {
  hidden = false;
  #frames: (() => void)[] = [];

  requestFrame = (run: () => void) => this.#frames.push(run);

  draw(): void {
    for (const run of this.#frames.splice(0)) run();
  }

  hide(): void {
    this.hidden = true;
    this.dispatchEvent(new Event('visibilitychange'));
  }
}

describe('what has time until the page is painted', () => {
  let page: FakePage;
  const run = vi.fn();

  beforeEach(() => {
    vi.useFakeTimers();
    run.mockClear();
    page = new FakePage();
    vi.stubGlobal('document', page);
    vi.stubGlobal('requestAnimationFrame', page.requestFrame);
    vi.stubGlobal('cancelAnimationFrame', () => {});
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  it('runs in the task after the frame, once', () => {
    afterPaint(run);
    vi.runAllTimers();
    page.draw();
    expect(run).not.toHaveBeenCalled();
    vi.runAllTimers();
    page.hide();
    expect(run).toHaveBeenCalledTimes(1);
  });

  it('does not wait for a frame of a hidden page, which has none', async () => {
    page.hidden = true;
    afterPaint(run);
    expect(run).not.toHaveBeenCalled();
    await Promise.resolve();
    expect(run).toHaveBeenCalledTimes(1);
  });

  it('runs when the page is hidden before its frame came', () => {
    afterPaint(run);
    page.hide();
    expect(run).toHaveBeenCalledTimes(1);
  });

  it('is taken back, also between the frame and its task', () => {
    const takeBack = afterPaint(run);
    page.draw();
    takeBack();
    vi.runAllTimers();
    page.hide();
    expect(run).not.toHaveBeenCalled();
  });
});
