import { EventEmitter } from 'node:events';
import { LegError, type Holding, type LegEvents, type LegQuality } from './leg.ts';
import { SdpRefusal } from './sdp/refusal.ts';
import { Serial } from './serial.ts';
import { StreamMeter } from './streamMeter.ts';

/** What legs of every kind have in common: a name, one thing at a time, holding, measuring, and an end. */
export abstract class BaseLeg extends EventEmitter<LegEvents> {
  readonly id: string;
  readonly #work = new Serial();
  readonly #meter: StreamMeter;
  #holding: Holding = { byService: false, byPeer: false };
  #closed = false;

  constructor(id: string, qualityEveryMs = 5_000) {
    super();
    this.id = id;
    this.#meter = new StreamMeter(
      () => this.stats(),
      qualityEveryMs,
      (quality) => this.measured(quality),
    );
  }

  get closed(): boolean {
    return this.#closed;
  }

  get holding(): Holding {
    return this.#holding;
  }

  hold(): Promise<void> {
    return this.do(() => this.#hold({ ...this.#holding, byService: true }));
  }

  resume(): Promise<void> {
    return this.do(() => this.#hold({ ...this.#holding, byService: false }));
  }

  stats(): Promise<LegQuality> {
    return this.#guarded(() => this.measure());
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#meter.stop();
    this.free();
    this.emit('closed');
    this.removeAllListeners();
  }

  /** Stops all media, or lets them flow again; what is played stops only where the peer holds. */
  protected abstract holdMedia(holding: Holding): Promise<void>;
  /** Whether the service holds the peer has changed, and media stand still or flow already: now the peer is told. */
  protected abstract signalHold(): void;
  protected abstract measure(): Promise<LegQuality>;
  /** What became of that which carries its media; null while it is there. */
  protected abstract lost(): LegError | null;
  /** Lets go of everything, once. */
  protected abstract free(): void;

  protected measured(quality: LegQuality): void {
    this.tell('quality', quality);
  }

  protected heldByPeer(held: boolean): Promise<void> {
    return this.#hold({ ...this.#holding, byPeer: held });
  }

  /** One thing at a time, none of it on a leg that is closed. */
  protected do<T>(work: () => T | Promise<T>): Promise<T> {
    return this.#work.run(() => this.#guarded(work));
  }

  protected tell<K extends keyof LegEvents>(event: K, ...args: LegEvents[K]): void {
    // EventEmitter's own types cannot follow a key that is not known yet.
    if (!this.#closed) (this.emit as (event: K, ...args: LegEvents[K]) => boolean).call(this, event, ...args);
  }

  /** What goes wrong because something went away meanwhile is told as that. */
  async #guarded<T>(work: () => T | Promise<T>): Promise<T> {
    if (this.#closed) throw new LegError('closed', `Leg ${this.id} is closed.`);
    try {
      return await work();
    } catch (error) {
      if (error instanceof SdpRefusal || error instanceof LegError) throw error;
      if (this.#closed) throw new LegError('closed', `Leg ${this.id} was closed.`, error);
      throw this.lost() ?? error;
    }
  }

  async #hold(holding: Holding): Promise<void> {
    const { byService, byPeer } = this.#holding;
    this.#holding = holding;
    await this.holdMedia(holding);
    if (holding.byService !== byService || holding.byPeer !== byPeer) this.tell('holding', holding);
    if (holding.byService !== byService) this.signalHold();
  }
}
