/** What a test asks of a call test page: who is there, and what is heard of them. */
import type { Page } from 'playwright-core';
import type { Asked } from './firefox.ts';

/** The tone of somebody counts as found this near to it. Hertz. */
const NEAR_HERTZ = 15;

/** Whether a pitch is the tone. */
export const near = (hertz: number) => (pitch: number) => Math.abs(pitch - hertz) < NEAR_HERTZ;

/** Turns on what is named, and joins. */
export async function joinCall(page: Page, things: readonly string[]): Promise<void> {
  for (const thing of things) {
    await page.getByRole('button', { name: `Turn ${thing} on` }).click();
    await page.getByRole('button', { name: `Turn ${thing} off` }).waitFor();
  }
  await page.getByRole('button', { name: 'Join' }).click();
}

/** The others, as "bob heard moving"; empty before the call. */
export async function participants(page: Asked): Promise<string[]> {
  return await page.evaluate(
    () =>
      (window.trial.call?.state.participants ?? []).map(
        ({ id, sound, picture }) => `${id} ${sound ? 'heard' : 'silent'} ${picture}`,
      ),
    null,
  );
}

/** The loudest pitch of what comes of somebody, hertz; 0 while there is no sound of theirs. */
export async function pitchOf(page: Asked, id: string): Promise<number> {
  return await page.evaluate(async (id) => {
    const found = window.trial.call?.state.participants.find((one) => one.id === id);
    if (found === undefined || !found.sound) return 0;
    const context = new AudioContext();
    const ear = context.createAnalyser();
    ear.fftSize = 8192;
    context.createMediaStreamSource(found.stream).connect(ear);
    // As long as the analyser takes to be full.
    await new Promise((filled) => setTimeout(filled, 300));
    const bins = new Float32Array(ear.frequencyBinCount);
    ear.getFloatFrequencyData(bins);
    const loudest = bins.reduce((best, one, at) => (one > bins[best]! ? at : best), 0);
    const pitch = (loudest * context.sampleRate) / ear.fftSize;
    await context.close();
    return pitch;
  }, id);
}

/**
 * Half a second of what comes of somebody, 48,000 samples a second; empty while there is no sound of theirs. One at a
 * time on a page. It is
 * recorded, for a Firefox without a loudspeaker lets no AudioContext run.
 */
export async function recordingOf(page: Asked, id: string): Promise<Int16Array> {
  const samples = await page.evaluate(async (id) => {
    const found = window.trial.call?.state.participants.find((one) => one.id === id);
    if (found === undefined || !found.sound) return [];
    const recorder = new MediaRecorder(new MediaStream(found.stream.getAudioTracks()));
    const recorded = new Promise<Blob>((done) => {
      recorder.ondataavailable = ({ data }) => done(data);
    });
    recorder.start();
    await new Promise((later) => setTimeout(later, 500));
    recorder.stop();
    const encoded = await (await recorded).arrayBuffer();
    const decoded = await new OfflineAudioContext(1, 1, 48_000).decodeAudioData(encoded);
    return Array.from(decoded.getChannelData(0), (sample) => Math.round(sample * 32_767));
  }, id);
  return Int16Array.from(samples);
}
