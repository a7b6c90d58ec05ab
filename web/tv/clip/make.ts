/**
 * Makes the demo's clip: a sea at dusk that loops without a seam, drawn here pixel by pixel and
 * given a soft chord. Needs Debian's ffmpeg. Writes web/tv/public/clip: an init segment and media
 * segments (fragmented MP4, H.264 baseline + AAC) and clip.json. Run it with
 * `node web/tv/clip/make.ts` (one to two minutes); the results are committed.
 */
import { spawn } from 'node:child_process';
import { mkdtemp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SEA, drawSea } from './sea.ts';

const SECONDS = 12;
const FRAMES_PER_SECOND = 24;
const SEGMENT_SECONDS = 2;
const OUT = join(import.meta.dirname, '../public/clip');

/** Runs ffmpeg, feeding it what `input` yields; rejects with its last words when it does not end well. */
async function ffmpeg(args: string[], input: Iterable<Uint8Array> = []): Promise<void> {
  const child = spawn('ffmpeg', ['-v', 'error', '-y', ...args], { stdio: ['pipe', 'ignore', 'pipe'] });
  let words = '';
  child.stderr.on('data', (data: Buffer) => (words += data.toString()));
  const ended = new Promise<void>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => (code === 0 ? resolve() : reject(new Error(`ffmpeg ended with ${code}: ${words}`))));
  });
  for (const piece of input) {
    if (!child.stdin.write(piece)) await new Promise((resolve) => child.stdin.once('drain', resolve));
  }
  child.stdin.end();
  await ended;
}

function* frames(): Generator<Uint8Array> {
  const total = SECONDS * FRAMES_PER_SECOND;
  for (let frame = 0; frame < total; frame++) yield drawSea(frame / total);
}

/** A soft open chord whose swells come round with the picture. */
function chord(): string {
  const turn = `2*PI*t/${SECONDS}`;
  const voices = [110, 164.75, 220, 277.25, 329.5].map((hertz, index) => {
    const swell = `(0.55+0.45*sin(${turn}*${1 + (index % 3)}+${index}))`;
    return `0.06*${swell}*sin(2*PI*${hertz}*t)`;
  });
  return `aevalsrc='${voices.join('+')}':s=48000:d=${SECONDS}`;
}

/** Splits a fragmented MP4 into what comes before the first `moof`, and each `moof` with its `mdat`. */
function split(file: Uint8Array): { init: Uint8Array; segments: Uint8Array[] } {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const starts: number[] = [];
  let end = 0;
  while (end + 8 <= file.byteLength) {
    const type = String.fromCharCode(...file.subarray(end + 4, end + 8));
    if (type === 'mfra') break;
    if (type === 'moof') starts.push(end);
    end += view.getUint32(end);
  }
  const segments = starts.map((start, index) => file.subarray(start, starts[index + 1] ?? end));
  return { init: file.subarray(0, starts[0] ?? end), segments };
}

const work = await mkdtemp(join(tmpdir(), 'clip-'));
try {
  const whole = join(work, 'whole.mp4');
  const keyframes = SEGMENT_SECONDS * FRAMES_PER_SECOND;
  await ffmpeg(
    [
      ...[
        '-f',
        'rawvideo',
        '-pix_fmt',
        'rgb24',
        '-s',
        `${SEA.width}x${SEA.height}`,
        '-r',
        `${FRAMES_PER_SECOND}`,
        '-i',
        '-',
      ],
      ...['-f', 'lavfi', '-i', chord()],
      ...['-c:v', 'libx264', '-profile:v', 'baseline', '-level', '3.1', '-pix_fmt', 'yuv420p', '-preset', 'veryslow'],
      ...['-crf', '27', '-g', `${keyframes}`, '-keyint_min', `${keyframes}`, '-sc_threshold', '0'],
      ...['-c:a', 'aac', '-b:a', '40k', '-ac', '1', '-t', `${SECONDS}`, whole],
    ],
    frames(),
  );
  const fragmented = join(work, 'fragmented.mp4');
  const movflags = 'frag_keyframe+empty_moov+default_base_moof+skip_trailer';
  await ffmpeg(['-i', whole, '-c', 'copy', '-movflags', movflags, fragmented]);

  const { init, segments } = split(new Uint8Array(await readFile(fragmented)));
  const names = segments.map((_, index) => `${index}.m4s`);
  const manifest = {
    mimeType: 'video/mp4; codecs="avc1.42C01F,mp4a.40.2"',
    segmentSeconds: SEGMENT_SECONDS,
    init: 'init.mp4',
    segments: names,
  };
  await rm(OUT, { recursive: true, force: true });
  await mkdir(OUT, { recursive: true });
  await writeFile(join(OUT, manifest.init), init);
  await Promise.all(segments.map((segment, index) => writeFile(join(OUT, `${index}.m4s`), segment)));
  await writeFile(join(OUT, 'clip.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  console.log(`clip: ${segments.reduce((sum, segment) => sum + segment.byteLength, init.byteLength)} bytes`);
} finally {
  await rm(work, { recursive: true, force: true });
}
