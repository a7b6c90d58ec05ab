/** What a test asks of a call test page: who is there, and what is heard of them. */
import type { Page } from 'playwright-core';

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
export async function participants(page: Page): Promise<string[]> {
  return await page.evaluate(() =>
    (window.trial.call?.state.participants ?? []).map(
      ({ id, sound, picture }) => `${id} ${sound ? 'heard' : 'silent'} ${picture}`,
    ),
  );
}

/** The loudest pitch of what comes of somebody, hertz; 0 while there is no sound of theirs. */
export async function pitchOf(page: Page, id: string): Promise<number> {
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
