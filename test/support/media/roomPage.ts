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
      /** What an incoming offer's `a=msid` said of a section: the ids of its streams. */
      streams(mid: string): string[];
    };
  }
}

/** Sends a tone of so many hertz and a moving picture. Runs in the page. */
export async function startPeer(hertz: number): Promise<void> {
  const connection = new RTCPeerConnection();
  const context = new AudioContext();
  await context.resume();
  const oscillator = new OscillatorNode(context, { frequency: hertz });
  const sound = context.createMediaStreamDestination();
  oscillator.connect(sound);
  oscillator.start();
  const canvas = document.body.appendChild(document.createElement('canvas'));
  canvas.width = 320;
  canvas.height = 180;
  const brush = canvas.getContext('2d')!;
  let drawn = 0;
  setInterval(() => {
    brush.fillStyle = `hsl(${(drawn++ * 7) % 360} 80% 50%)`;
    brush.fillRect(0, 0, 320, 180);
    brush.fillStyle = 'black';
    brush.fillRect((drawn * 5) % 320, 40, 40, 100);
  }, 50);
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
      const all = [...stats.values()] as { type: string; id: string; codecId?: string; mimeType?: string }[];
      const sent = all.find(({ type }) => type === 'outbound-rtp');
      return all.find(({ id }) => id === sent?.codecId)?.mimeType ?? null;
    },
    streams: (mid) => streams.get(mid) ?? [],
  };
}
