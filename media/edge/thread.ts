/** The edge's thread: it owns the sockets, and does what the service's side (`edge.ts`) tells it. */
import { randomBytes } from 'node:crypto';
import { parentPort, workerData, type MessagePort } from 'node:worker_threads';
import type { EncodedSound } from '../sounds/encodedSound.ts';
import { addCounts, noCounts } from './counts.ts';
import type { AnswerTo, Command, Counts, EdgeSettings, FromThread, LegNews, LegPorts, ToThread } from './messages.ts';
import { Pacer } from './pacer.ts';
import { Playlist } from './playlist.ts';
import { SoundSource } from './soundSource.ts';
import { TelephoneLeg } from './telephoneLeg.ts';
import { bindUdp, PortPairs } from './udp.ts';

/** RFC 3550 6.2: reports of many legs are not to fall together. */
const REPORT_SPREAD = 0.5;

/** Everything that one thread holds. */
class EdgeThread {
  readonly #settings: EdgeSettings;
  readonly #port: MessagePort;
  readonly #ports: PortPairs;
  readonly #pacer = new Pacer();
  readonly #sounds = new Map<string, EncodedSound>();
  readonly #legs = new Map<number, TelephoneLeg>();
  readonly #sources = new Map<number, SoundSource>();
  readonly #reports = new Map<number, NodeJS.Timeout>();
  /** Of the legs that are closed. */
  #past: Counts = noCounts();

  constructor(settings: EdgeSettings, port: MessagePort) {
    this.#settings = settings;
    this.#port = port;
    this.#ports = new PortPairs(settings.address, settings.ports);
    port.on('message', (message: ToThread) => void this.#answer(message));
  }

  async #answer(command: ToThread): Promise<void> {
    let answer: FromThread;
    try {
      answer = { call: command.call, answer: await this.#do(command) };
    } catch (error) {
      answer = { call: command.call, error: error instanceof Error ? error.message : String(error) };
    }
    this.#port.postMessage(answer);
  }

  async #do(command: Command): Promise<AnswerTo<Command['do']>> {
    switch (command.do) {
      case 'open':
        return this.#open(command.leg, command.cname);
      case 'openSource':
        await this.#openSource(command.leg);
        return undefined;
      case 'stream':
        this.#source(command.leg).speak(command.stream);
        return undefined;
      case 'load':
        this.#sounds.set(command.name, command.sound);
        return undefined;
      case 'connect':
        return await this.#soundOf(command.leg).connect(command.port);
      case 'play': {
        const { id, names, loop } = command;
        const sounds = names.map((name) => this.#sounds.get(name)).filter((sound) => sound !== undefined);
        if (sounds.length < names.length) return false;
        this.#soundOf(command.leg).play(new Playlist(id, sounds, loop));
        return true;
      }
      case 'stop':
        this.#soundOf(command.leg).play(null);
        return undefined;
      case 'negotiate':
        this.#leg(command.leg).negotiate(command.negotiated);
        return undefined;
      case 'room':
        this.#leg(command.leg).joinRoom(command.side);
        return undefined;
      case 'hold':
        this.#leg(command.leg).hold(command.held);
        return undefined;
      case 'press':
        return this.#leg(command.leg).press(command.digits, command.durationMs);
      case 'measure':
        return this.#leg(command.leg).measure();
      case 'count':
        return this.#legs.values().reduce((sum, { counts }) => addCounts(sum, counts), this.#past);
      case 'close':
        this.#close(command.leg);
        return undefined;
    }
  }

  async #open(id: number, cname: string): Promise<LegPorts> {
    this.#makeRoom();
    const { innerAddress, packetsPerSecond } = this.#settings;
    const { rtp, rtcp } = await this.#ports.bind();
    const inner = await bindUdp(innerAddress, 0);
    const ssrc = randomBytes(4).readUInt32BE();
    const tell = (news: LegNews) => this.#port.postMessage({ leg: id, ...news } satisfies FromThread);
    const parts = { rtp, rtcp, inner, innerAddress, pacer: this.#pacer, cname, ssrc, packetsPerSecond, tell };
    this.#legs.set(id, new TelephoneLeg(parts));
    this.#reportLater(id);
    return { port: rtp.address().port, rtcpPort: rtcp.address().port };
  }

  async #openSource(id: number): Promise<void> {
    this.#makeRoom();
    const { innerAddress } = this.#settings;
    const inner = await bindUdp(innerAddress, 0);
    const tell = (news: LegNews) => this.#port.postMessage({ leg: id, ...news } satisfies FromThread);
    this.#sources.set(id, new SoundSource({ inner, innerAddress, pacer: this.#pacer, tell }));
  }

  #makeRoom(): void {
    if (this.#legs.size + this.#sources.size >= this.#settings.mostLegs)
      throw new Error(`The media edge carries ${this.#settings.mostLegs} legs, and takes no more.`);
  }

  #leg(id: number): TelephoneLeg {
    const leg = this.#legs.get(id);
    if (leg === undefined) throw new Error('This leg of the media edge is closed.');
    return leg;
  }

  #source(id: number): SoundSource {
    const source = this.#sources.get(id);
    if (source === undefined) throw new Error('This source of sound is closed.');
    return source;
  }

  #soundOf(id: number): TelephoneLeg | SoundSource {
    return this.#sources.get(id) ?? this.#leg(id);
  }

  #close(id: number): void {
    clearTimeout(this.#reports.get(id));
    this.#reports.delete(id);
    const leg = this.#legs.get(id);
    leg?.close();
    if (leg !== undefined) this.#past = addCounts(this.#past, leg.counts);
    this.#sources.get(id)?.close();
    this.#legs.delete(id);
    this.#sources.delete(id);
  }

  #reportLater(id: number): void {
    const wait = this.#settings.reportEvery * (1 - REPORT_SPREAD + 2 * REPORT_SPREAD * Math.random());
    const timer = setTimeout(() => {
      this.#legs.get(id)?.report();
      this.#reportLater(id);
    }, wait);
    this.#reports.set(id, timer);
  }
}

if (parentPort !== null) new EdgeThread(workerData as EdgeSettings, parentPort);
