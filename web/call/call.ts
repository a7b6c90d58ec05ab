/**
 * A call: this page's leg of a room, from joining to leaving. It owns one connection at a time, sends
 * what the devices give, and tells who is there and how good it is.
 *
 *     idle ──join──▶ joining ──offer──▶ connecting ──▶ connected ◀──────▶ reconnecting
 *      │                                                   │ (new offer, or a new leg)
 *      └──▶ impossible                    left ◀──leave────┘
 */
import { capabilitiesOf } from './capabilities.ts';
import { createReceivedLevel } from './level.ts';
import { createOfferQueue } from './offers.ts';
import { createOwnLevel } from './ownLevel.ts';
import { createParticipants, type Incoming } from './participants.ts';
import { createPeer, type Peer } from './peer.ts';
import { qualityBetween, type Reading } from './quality.ts';
import { createRecovery } from './recovery.ts';
import { sameLeg, type MediaKind } from './sections.ts';
import { createStore } from './store.ts';
import { browser, listen, type Surroundings } from './surroundings.ts';
import type { Call, CallOptions, CallState, Levels, OfferReason } from './types.ts';

const READ_EVERY_MS = 2_000;
const LEVELS_EVERY_MS = 100;
const LEVELS_LEAST_MS = 50;

/** @param surroundings the browser, unless a test puts its own in place */
export function createCall(options: CallOptions, surroundings: Surroundings = browser()): Call {
  const { devices, signalling } = options;
  const { engine } = surroundings;
  const allowed = options.sending || { audio: true, video: true };
  const { limits } = capabilitiesOf({ engine, cameras: null, microphones: null });
  const store = createStore<CallState>({
    connection: { kind: 'idle' },
    participants: [],
    microphone: 'muted',
    camera: 'off',
    held: false,
    speakingWhileMuted: false,
    quality: null,
  });

  let peer: Peer | null = null;
  /** Waits for the first offer. */
  let prepared: RTCPeerConnection | null = null;
  let offered = '';
  let layout: Record<string, string | null> = {};
  /** What the last answer said that we send. */
  let agreed: Record<MediaKind, boolean> = { audio: false, video: false };
  let microphoneOn = false;
  let cameraOn = false;
  let left = false;
  let reading: Reading | null = null;
  let readTimer: ReturnType<typeof setInterval> | null = null;
  let stopListening: (() => void) | null = null;
  let levelWatchers = 0;

  const people = createParticipants(() => new (surroundings.MediaStream as NonNullable<Surroundings['MediaStream']>)());
  const ownLevel = createOwnLevel(surroundings);
  const receivedLevels = new WeakMap<RTCRtpReceiver, () => number | null>();

  const recovery = createRecovery(() => {
    // Whether it could be said shows by an offer that comes or does not; it is said again.
    Promise.resolve()
      .then(() => signalling.requestOffer(offerReason()))
      .catch(() => undefined);
  });

  function offerReason(): OfferReason {
    if (peer === null) return 'join';
    return store.state.connection.kind === 'connected' && hasNewKind() ? 'device' : 'restart';
  }

  function sending(kind: MediaKind): boolean {
    const { capabilities } = devices.state;
    const score = capabilities && capabilities.score[kind === 'audio' ? 'microphone' : 'camera'];
    return allowed[kind] && score !== null && score > 0;
  }

  function hasNewKind(): boolean {
    return (sending('audio') && !agreed.audio) || (sending('video') && !agreed.video);
  }

  const queue = createOfferQueue(async (offer) => {
    await devices.ready;
    const saying = { audio: sending('audio'), video: sending('video') };
    const answer = peer !== null && sameLeg(offered, offer) ? await peer.answer(offer) : await answerAnew(offer);
    offered = offer;
    agreed = saying;
    followHold();
    showParticipants();
    recovery.answered();
    return answer;
  });

  function openConnection(): RTCPeerConnection {
    const { RTCPeerConnection } = surroundings;
    if (RTCPeerConnection === null) throw new Error('This engine has no RTCPeerConnection; join was not asked for.');
    const { iceServers = [], iceTransportPolicy = 'all' } = options;
    // One pool: addresses are gathered as soon as it is open.
    return new RTCPeerConnection({
      iceServers,
      iceTransportPolicy,
      bundlePolicy: 'max-bundle',
      iceCandidatePoolSize: 1,
    });
  }

  /** A certificate and addresses take their time: they are got while the first offer is on its way. */
  function prepare(): void {
    if (left || peer !== null || prepared !== null) return;
    try {
      prepared = openConnection();
    } catch {
      // Tried again with the offer, whose sender then hears why.
    }
  }

  /** A first offer, or one of another leg, gets a connection of its own; the old one ends when that is answered. */
  async function answerAnew(offer: string): Promise<string> {
    const connection = prepared || openConnection();
    prepared = null;
    const next = createPeer({
      connection,
      sending,
      limits,
      onConnection: (state) => {
        if (peer === next) heard(state);
      },
    });
    const before = peer;
    const { microphone, camera } = devices;
    try {
      await next.send('audio', microphone.state.track);
      await next.send('video', cameraOn ? camera.state.track : null);
      const answer = await next.answer(offer);
      if (left) throw new Error('The call was left while the offer was being answered.');
      peer = next;
      reading = null;
      if (before !== null) before.close();
      show(before === null ? 'connecting' : 'reconnecting');
      // A device that changed meanwhile.
      sendTracks();
      return answer;
    } catch (error) {
      next.close();
      throw error;
    }
  }

  /** Goes there, unless it is there already: since when stays. */
  function show(kind: 'joining' | 'connecting' | 'connected' | 'reconnecting'): void {
    if (store.state.connection.kind !== kind) store.set({ connection: { kind, since: Date.now() } });
  }

  function heard(state: string): void {
    recovery.heard(state);
    if (state === 'connected' || state === 'completed') {
      show('connected');
      showParticipants();
      // Not before the first interval: statistics cost most while the first picture is being decoded.
      if (readTimer === null) readTimer = setInterval(() => void read(), READ_EVERY_MS);
    } else if (state === 'disconnected' || state === 'failed') show('reconnecting');
  }

  function incoming(of: Peer): (Incoming & { receiver: RTCRtpReceiver })[] {
    const found: (Incoming & { receiver: RTCRtpReceiver })[] = [];
    of.receiving().forEach(({ section, receiver }) => {
      const told = layout[section.mid];
      const participant = told === undefined ? section.participant : told;
      if (participant !== null) found.push({ participant, kind: section.kind, track: receiver.track, receiver });
    });
    return found;
  }

  function showParticipants(): void {
    // Their pictures are for later: an element that is painted for the first time holds up the connection.
    const { kind } = store.state.connection;
    if (kind === 'joining' || kind === 'connecting') return;
    if (people.update(peer === null ? [] : incoming(peer))) store.set({ participants: people.list });
  }

  async function read(): Promise<void> {
    const of = peer;
    if (of === null) return;
    const now = await of.read(Date.now()).catch(() => null);
    if (now === null || of !== peer) return;
    if (reading !== null) {
      const expected = people.list.some(({ sound, picture }) => sound || picture !== 'none');
      store.set({ quality: qualityBetween(reading, now, expected) });
      if (people.look(reading, now)) store.set({ participants: people.list });
    }
    reading = now;
  }

  // ── What is sent ──────────────────────────────────────────────────────────────────────────────

  function send(kind: MediaKind, track: MediaStreamTrack | null): void {
    // Rejected by a connection that is being closed, which sends nothing any more.
    if (peer !== null) peer.send(kind, track).catch(() => undefined);
  }

  function sendTracks(): void {
    const { microphone, camera } = devices;
    const { track } = microphone.state;
    // Before it is sent: another device must not open what was muted.
    if (track !== null) track.enabled = microphoneOn && !store.state.held;
    send('audio', track);
    send('video', cameraOn ? camera.state.track : null);
    showOwn();
  }

  /** While the service holds, the browser sends nothing by itself; the camera's light is to say so, too. */
  function followHold(): void {
    const held = peer === null ? null : peer.held();
    if (left || held === null || store.state.held === held) return;
    store.set({ held });
    if (cameraOn && held) devices.camera.close();
    else if (cameraOn) void devices.camera.open();
    sendTracks();
  }

  function showOwn(): void {
    const { microphone, camera } = devices;
    const { track } = microphone.state;
    ownLevel.follow(track);
    store.set({
      microphone: !microphoneOn ? 'muted' : track === null ? 'unavailable' : 'on',
      camera: !cameraOn ? 'off' : camera.state.track === null && !store.state.held ? 'unavailable' : 'on',
    });
    const attentive = !left && !microphoneOn && track !== null;
    if (attentive && stopListening === null) {
      stopListening = ownLevel.listen((speakingWhileMuted) => store.set({ speakingWhileMuted }));
    } else if (!attentive && stopListening !== null) {
      stopListening();
      stopListening = null;
      store.set({ speakingWhileMuted: false });
      if (levelWatchers === 0) ownLevel.rest();
    }
  }

  // ── What is around it ─────────────────────────────────────────────────────────────────────────

  const joined = (): boolean => peer !== null || store.state.connection.kind === 'joining';
  let network = surroundings.network && surroundings.network.type;
  const deaf = [
    devices.subscribe(() => {
      if (peer !== null && hasNewKind()) recovery.ask();
    }),
    devices.microphone.subscribe(sendTracks),
    devices.camera.subscribe(sendTracks),
    listen(surroundings.window, 'online', () => {
      if (joined()) recovery.networkChanged();
    }),
    // It also tells every new estimate of speed; only another kind of network is another network.
    listen(surroundings.network, 'change', () => {
      const before = network;
      network = surroundings.network && surroundings.network.type;
      if (network !== before && network !== 'none' && joined()) recovery.networkChanged();
    }),
  ];
  sendTracks();

  return {
    get state() {
      return store.state;
    },
    subscribe: store.subscribe,
    join() {
      if (left || joined()) return;
      if (!engine.peerConnection) {
        store.set({ connection: { kind: 'impossible' } });
        return;
      }
      show('joining');
      recovery.ask();
      // After the asking, which is not to wait for it.
      void Promise.resolve().then(prepare);
    },
    receiveOffer: (sdp) => queue.take(sdp),
    receiveLayout(entries) {
      layout = {};
      entries.forEach(({ mid, participant }) => {
        layout[mid] = participant;
      });
      showParticipants();
    },
    async setMicrophone(on) {
      if (left) return false;
      microphoneOn = on;
      sendTracks();
      if (!on) return false;
      const open = await devices.microphone.open();
      sendTracks();
      return open && microphoneOn;
    },
    async setCamera(on) {
      if (left) return false;
      cameraOn = on;
      sendTracks();
      if (!on) {
        devices.camera.close();
        return false;
      }
      if (store.state.held) return false;
      const open = await devices.camera.open();
      sendTracks();
      return open && cameraOn;
    },
    watchLevels(listener, everyMs = LEVELS_EVERY_MS) {
      levelWatchers += 1;
      let watching = true;
      const timer = setInterval(() => listener(levels()), Math.max(everyMs, LEVELS_LEAST_MS));
      return () => {
        if (!watching) return;
        watching = false;
        levelWatchers -= 1;
        clearInterval(timer);
        if (levelWatchers === 0 && stopListening === null) ownLevel.rest();
      };
    },
    leave() {
      if (left) return;
      left = true;
      recovery.close();
      queue.close();
      for (const silence of deaf) silence();
      if (readTimer !== null) clearInterval(readTimer);
      if (peer !== null) peer.close();
      if (prepared !== null) prepared.close();
      peer = prepared = null;
      microphoneOn = cameraOn = false;
      devices.microphone.close();
      devices.camera.close();
      showOwn();
      ownLevel.rest();
      showParticipants();
      store.set({ connection: { kind: 'left' }, quality: null, held: false });
    },
  };

  function levels(): Levels {
    const participants: Levels['participants'] = {};
    if (peer !== null) {
      incoming(peer).forEach(({ participant, kind, receiver }) => {
        if (kind !== 'audio') return;
        const measure = receivedLevels.get(receiver) || createReceivedLevel(receiver);
        receivedLevels.set(receiver, measure);
        participants[participant] = measure();
      });
    }
    return { own: ownLevel.read(), participants };
  }
}
