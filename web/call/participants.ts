/** Who is in the call, and one MediaStream each that stays the same while its tracks come and go. */
import type { Reading } from './quality.ts';
import type { MediaKind } from './sections.ts';

/** `waiting`: no frame yet. `still`: frames came, and none of late. */
export type Picture = 'none' | 'waiting' | 'moving' | 'still';

export interface Participant {
  /**
   * As the server calls them: the name in `a=msid`, or of the layout. What begins with `sound-` is nobody: music or an
   * announcement, to be heard without a picture or a name.
   */
  id: string;
  /** Give it to a media element once; what changes behind it shows by itself. The same for the whole call. */
  stream: MediaStream;
  sound: boolean;
  picture: Picture;
}

/** A track that comes in, with whom it belongs to. */
export interface Incoming {
  participant: string;
  kind: MediaKind;
  track: MediaStreamTrack;
}

export interface Participants {
  readonly list: Participant[];
  /** Tells what comes in now, all of it. Returns whether anything changed. */
  update(incoming: Incoming[]): boolean;
  /** Looks at how many frames came between two readings. Returns whether anything changed. */
  look(before: Reading, now: Reading): boolean;
}

/** @param newStream makes an empty MediaStream */
export function createParticipants(newStream: () => MediaStream): Participants {
  let list: Participant[] = [];
  const pictures: Record<string, Picture> = {};
  /** Kept over absences: whose leg was rebuilt is gone for a moment, and goes on in the same element. */
  const streams: Record<string, MediaStream> = {};

  function describe(id: string, stream: MediaStream): Participant {
    const video = stream.getVideoTracks()[0];
    const picture = video === undefined ? 'none' : pictures[video.id] || 'waiting';
    return { id, stream, sound: stream.getAudioTracks().length > 0, picture };
  }

  /** Participants who did not change stay the same objects. */
  function replace(next: Participant[]): boolean {
    const kept = next.map((one) => {
      const before = list.filter(({ id }) => id === one.id)[0];
      return before && before.sound === one.sound && before.picture === one.picture && before.stream === one.stream
        ? before
        : one;
    });
    const changed = kept.length !== list.length || kept.some((one, at) => one !== list[at]);
    if (changed) list = kept;
    return changed;
  }

  return {
    get list() {
      return list;
    },
    update(incoming) {
      const ids = incoming.map(({ participant }) => participant).filter((id, at, all) => all.indexOf(id) === at);
      const next = ids.map((id) => {
        const stream = streams[id] || (streams[id] = newStream());
        const tracks = incoming.filter(({ participant }) => participant === id).map(({ track }) => track);
        stream.getTracks().forEach((track) => {
          if (tracks.indexOf(track) < 0) stream.removeTrack(track);
        });
        tracks.forEach((track) => stream.addTrack(track));
        return describe(id, stream);
      });
      list.forEach(({ id, stream }) => {
        if (ids.indexOf(id) < 0) stream.getTracks().forEach((track) => stream.removeTrack(track));
      });
      return replace(next);
    },
    look(before, now) {
      list.forEach(({ stream }) => {
        const video = stream.getVideoTracks()[0];
        const flow = video && now.received[video.id];
        if (!video) return;
        if (!flow || flow.framesDecoded === null) {
          // An engine forgets what it received when a held call is agreed on anew: what is shown stands still.
          if (pictures[video.id] === 'moving') pictures[video.id] = 'still';
          return;
        }
        const earlier = before.received[video.id];
        const grown = flow.framesDecoded - ((earlier && earlier.framesDecoded) || 0);
        pictures[video.id] = grown > 0 ? 'moving' : flow.framesDecoded > 0 ? 'still' : 'waiting';
      });
      return replace(list.map(({ id, stream }) => describe(id, stream)));
    },
  };
}
