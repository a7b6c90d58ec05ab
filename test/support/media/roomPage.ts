/** What runs in the page of a room's test: a peer with a tone and a picture. It knows nothing but SDP. */

declare global {
  interface Window {
    peer: {
      connection: RTCPeerConnection;
      /** Takes an offer. @returns the answer */
      take(offer: string): Promise<string>;
      /** Says whose section is whose. */
      show(layout: { mid: string; legId: string | null }[]): void;
      /** The loudest pitch of each section that has one, in hertz. */
      tones(): number[];
      /** Frames that were decoded of somebody's picture. */
      frames(legId: string): number;
      /** Names of the codecs that sound is sent in. */
      sendingCodec(): Promise<string | null>;
      /** What it decodes of somebody's picture: the format, and how wide the last frame was. */
      picture(legId: string): Promise<{ codec: string | null; width: number }>;
      /** The sizes of its own picture that it sends at once, each by its name and how wide it is. */
      sizes(): Promise<Record<string, number>>;
      /** Presses digits. */
      press(digits: string): void;
      /** What an incoming offer's `a=msid` said of a section: the ids of its streams. */
      streams(mid: string): string[];
    };
  }
}

/** What is read of the statistics (https://www.w3.org/TR/webrtc-stats/). */
interface Stat {
  type: string;
  id: string;
  kind?: string;
  codecId?: string;
  mimeType?: string;
  rid?: string;
  frameWidth?: number;
  framesPerSecond?: number;
}

/** What a peer sends. */
export interface PeerGives {
  /** The pitch of its tone. */
  hertz: number;
  /** How wide its picture is; it is as high as on a television. */
  width?: number;
  /** The formats of pictures that it takes, best first. The only one is what it sends as well. */
  formats?: string[];
  /** Bits a second of each size of its picture, smallest first, where it sends several. */
  bitrates?: number[];
}

/** Sends a tone and a moving picture. Runs in the page. */
export async function startPeer({
  hertz,
  width = 320,
  formats = ['video/VP8', 'video/H264'],
  bitrates = [],
}: PeerGives): Promise<void> {
  const connection = new RTCPeerConnection();
  const context = new AudioContext();
  await context.resume();
  const oscillator = new OscillatorNode(context, { frequency: hertz });
  const sound = context.createMediaStreamDestination();
  oscillator.connect(sound);
  oscillator.start();
  const canvas = document.body.appendChild(document.createElement('canvas'));
  const height = (width * 9) / 16;
  canvas.width = width;
  canvas.height = height;
  const brush = canvas.getContext('2d')!;
  let drawn = 0;
  setInterval(() => {
    brush.fillStyle = `hsl(${(drawn++ * 7) % 360} 80% 50%)`;
    brush.fillRect(0, 0, width, height);
    brush.fillStyle = 'black';
    brush.fillRect((drawn * 5) % width, 40, 40, 100);
  }, 50);
  const isRtx = ({ mimeType }: RTCRtpCodec) => mimeType === 'video/rtx';
  // Of H264's many the one that rooms speak.
  const isBaseline = ({ mimeType, sdpFmtpLine = '' }: RTCRtpCodec) =>
    mimeType !== 'video/H264' || /packetization-mode=1;profile-level-id=42e0/.test(sdpFmtpLine);
  const own = {
    audio: sound.stream.getAudioTracks()[0]!,
    video: canvas.captureStream(20).getVideoTracks()[0]!,
  };

  const analysers = new Map<string, AnalyserNode>();
  const pictures = new Map<string, HTMLVideoElement>();
  const streams = new Map<string, string[]>();
  let seats: { mid: string; legId: string | null }[] = [];
  connection.ontrack = ({ track, transceiver, streams: of }) => {
    const mid = transceiver.mid!;
    streams.set(
      mid,
      of.map(({ id }) => id),
    );
    const stream = new MediaStream([track]);
    // Chromium gives a remote track's sound to Web Audio only while an element plays it.
    const element = document.createElement(track.kind === 'audio' ? 'audio' : 'video');
    element.srcObject = stream;
    element.muted = true;
    void element.play().catch(() => undefined);
    document.body.append(element);
    if (track.kind === 'video') pictures.set(mid, element as HTMLVideoElement);
    else {
      const analyser = new AnalyserNode(context, { fftSize: 8192, smoothingTimeConstant: 0 });
      context.createMediaStreamSource(stream).connect(analyser);
      analysers.set(mid, analyser);
    }
  };

  window.peer = {
    connection,
    async take(offer) {
      await connection.setRemoteDescription({ type: 'offer', sdp: offer });
      for (const kind of ['audio', 'video'] as const) {
        const first = connection.getTransceivers().find(({ receiver }) => receiver.track.kind === kind);
        if (first === undefined || first.sender.track !== null) continue;
        await first.sender.replaceTrack(own[kind]);
        first.direction = 'sendrecv';
        if (kind === 'audio') continue;
        const { codecs } = RTCRtpReceiver.getCapabilities('video')!;
        const wanted = formats.flatMap((format) => codecs.filter(({ mimeType }) => mimeType === format));
        for (const one of connection.getTransceivers()) {
          if (one.receiver.track.kind === kind) one.setCodecPreferences([...wanted, ...codecs.filter(isRtx)]);
        }
        const parameters = first.sender.getParameters();
        const [encoding] = parameters.encodings as (RTCRtpEncodingParameters & { codec?: RTCRtpCodec })[];
        // What it names is what it takes. It sends the first of the offer all the same, unless it is told.
        if (formats.length === 1) encoding!.codec = wanted.find(isBaseline);
        bitrates.forEach((maxBitrate, size) => (parameters.encodings[size]!.maxBitrate = maxBitrate));
        await first.sender.setParameters({ ...parameters, degradationPreference: 'maintain-resolution' });
      }
      await connection.setLocalDescription();
      return connection.localDescription!.sdp;
    },
    show(layout) {
      seats = layout;
    },
    tones() {
      return [...analysers.values()].flatMap((analyser) => {
        const levels = new Float32Array(analyser.frequencyBinCount);
        analyser.getFloatFrequencyData(levels);
        const loudest = levels.reduce((best, level, at) => (level > levels[best]! ? at : best), 0);
        return levels[loudest]! > -60 ? [(loudest * context.sampleRate) / analyser.fftSize] : [];
      });
    },
    frames(legId) {
      const shown = seats.filter((seat) => seat.legId === legId).flatMap(({ mid }) => pictures.get(mid) ?? []);
      return shown.reduce((sum, video) => sum + video.getVideoPlaybackQuality().totalVideoFrames, 0);
    },
    async sendingCodec() {
      const stats = await connection
        .getTransceivers()
        .find(({ mid }) => mid === '0')!
        .sender.getStats();
      const all = [...stats.values()] as Stat[];
      const sent = all.find(({ type }) => type === 'outbound-rtp');
      return all.find(({ id }) => id === sent?.codecId)?.mimeType ?? null;
    },
    async picture(legId) {
      const shown = seats.filter((seat) => seat.legId === legId).map(({ mid }) => mid);
      const of = connection.getTransceivers().find(({ mid, receiver }) => {
        return receiver.track.kind === 'video' && shown.includes(mid!);
      });
      const all = [...((await of?.receiver.getStats())?.values() ?? [])] as Stat[];
      const received = all.find(({ type }) => type === 'inbound-rtp');
      const codec = all.find(({ id }) => id === received?.codecId)?.mimeType ?? null;
      return { codec, width: received?.frameWidth ?? 0 };
    },
    async sizes() {
      const all = [...(await connection.getStats()).values()] as Stat[];
      const sent = all.filter(({ type, kind, framesPerSecond }) => {
        return type === 'outbound-rtp' && kind === 'video' && (framesPerSecond ?? 0) > 0;
      });
      return Object.fromEntries(sent.map(({ rid, frameWidth }) => [rid ?? '', frameWidth ?? 0]));
    },
    press(digits) {
      const { dtmf } = connection.getTransceivers().find(({ sender }) => sender.track?.kind === 'audio')!.sender;
      dtmf!.insertDTMF(digits, 100, 60);
    },
    streams: (mid) => streams.get(mid) ?? [],
  };
}
