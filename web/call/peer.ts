/**
 * One RTCPeerConnection: answers the server's offers, sends at most one microphone and one camera, and
 * tells what comes in. It never offers.
 *
 * What may be sent is agreed on from the first answer, with or without a track behind it: turning the
 * camera on, or permission that comes late, needs no new offer, and no answer waits for a device.
 */
import type { SendLimits } from './capabilities.ts';
import type { Reading } from './quality.ts';
import { readSections, sends, sendingSections, takes, type MediaKind, type Section } from './sections.ts';
import { readStats } from './stats.ts';

export interface PeerOptions {
  connection: RTCPeerConnection;
  /** Whether this device has anything of this kind to send, now or later: if not, the answer says that it sends none. */
  sending(kind: MediaKind): boolean;
  limits: SendLimits;
  /** As the browser says: `connecting`, `connected`, `disconnected`, `failed`; at every change. */
  onConnection(state: string): void;
}

/** A section in which the server sends, and what it comes out of. */
export interface ReceivingSection {
  section: Section;
  receiver: RTCRtpReceiver;
}

export interface Peer {
  /** @throws Error when the offer cannot be taken; what was agreed on before still holds */
  answer(offer: string): Promise<string>;
  /** Sends this track in its kind's section, or nothing; at once or as soon as there is one. */
  send(kind: MediaKind, track: MediaStreamTrack | null): Promise<void>;
  /**
   * Whether the last offer took nothing where something is sent otherwise: the service holds (RFC 3264 8.4). Null where
   * nothing was sent so far and it takes nothing either: then it cannot be told.
   */
  held(): boolean | null;
  /** The sections of the last offer in which the server sends. */
  receiving(): ReceivingSection[];
  /** @param at milliseconds of the clock that readings are compared by */
  read(at: number): Promise<Reading>;
  close(): void;
}

const KINDS: MediaKind[] = ['audio', 'video'];

export function createPeer({ connection, sending, limits, onConnection }: PeerOptions): Peer {
  let sections: Section[] = [];
  let mids: Record<MediaKind, string | null> = { audio: null, video: null };
  const tracks: Record<MediaKind, MediaStreamTrack | null> = { audio: null, video: null };

  const transceiverOf = (mid: string | null) =>
    connection.getTransceivers().filter((transceiver) => mid !== null && transceiver.mid === mid)[0];

  /** Puts the track of a kind into the section that takes it, and out of the one that took it before. */
  async function place(kind: MediaKind, mid: string | null): Promise<void> {
    const before = transceiverOf(mids[kind]);
    const transceiver = transceiverOf(mid);
    if (before !== undefined && before !== transceiver) await before.sender.replaceTrack(null);
    mids = Object.assign({}, mids, { [kind]: mid });
    if (transceiver === undefined || !sending(kind)) return;
    const section = sections.filter((one) => one.mid === mid)[0];
    // Set once: while the server holds, the browser leaves the other half out of its answer by itself.
    if (section !== undefined && takes(section)) transceiver.direction = sends(section) ? 'sendrecv' : 'sendonly';
    if (transceiver.sender.track !== tracks[kind]) await transceiver.sender.replaceTrack(tracks[kind]);
  }

  async function limit(): Promise<void> {
    const transceiver = transceiverOf(mids.video);
    // Not before there is a picture: it would keep the browser busy just when it is to connect.
    if (transceiver === undefined || !sending('video') || tracks.video === null) return;
    const parameters = transceiver.sender.getParameters();
    const encodings = parameters.encodings || [];
    // Several where the server asked for several sizes of one picture, smallest first: each twice the last.
    encodings.forEach((encoding, at) => {
      const halvings = encodings.length - 1 - at;
      encoding.maxBitrate = Math.round(limits.video.maxBitrate / Math.pow(3, halvings));
      if (halvings > 0) encoding.scaleResolutionDownBy = Math.pow(2, halvings);
    });
    // A Firefox before 110 wants to be asked otherwise; it sends by its own measure then.
    if (encodings.length > 0) await transceiver.sender.setParameters(parameters).catch(() => undefined);
  }

  // Firefox tells of the whole connection since 113; before that, ICE tells the most of it.
  const tell = (): void => onConnection(connection.connectionState || connection.iceConnectionState);
  connection.onconnectionstatechange = tell;
  connection.oniceconnectionstatechange = () => {
    if (!connection.connectionState) tell();
  };

  return {
    async answer(offer) {
      await connection.setRemoteDescription({ type: 'offer', sdp: offer });
      sections = readSections(offer);
      const chosen = sendingSections(sections, mids);
      for (const kind of KINDS) await place(kind, chosen[kind]);
      await connection.setLocalDescription(await connection.createAnswer());
      // The server is ICE-lite and learns our addresses from our checks: nothing is gathered first.
      const { sdp } = connection.localDescription as RTCSessionDescription;
      // The answer is not kept waiting for what only bounds what follows it.
      void limit();
      return sdp;
    },
    async send(kind, track) {
      tracks[kind] = track;
      const transceiver = transceiverOf(mids[kind]);
      if (transceiver === undefined || !sending(kind) || transceiver.sender.track === track) return;
      if (kind === 'video') await limit();
      await transceiver.sender.replaceTrack(tracks[kind]);
    },
    held() {
      const own = sections.filter(({ mid }) => mid === mids.audio || mid === mids.video);
      return own.length > 0 ? !own.some(takes) : null;
    },
    receiving() {
      const found: ReceivingSection[] = [];
      sections.filter(sends).forEach((section) => {
        const transceiver = transceiverOf(section.mid);
        if (transceiver !== undefined) found.push({ section, receiver: transceiver.receiver });
      });
      return found;
    },
    async read(at) {
      return readStats(await connection.getStats(), at);
    },
    close() {
      connection.onconnectionstatechange = connection.oniceconnectionstatechange = null;
      connection.close();
    },
  };
}
