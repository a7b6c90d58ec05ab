/** The Chromium that browser tests, smoke stories and screenshots drive. */
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium, type Browser } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const GRANT_ALL = '--use-fake-ui-for-media-stream';
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-dev-shm-usage',
  '--autoplay-policy=no-user-gesture-required',
  '--use-fake-device-for-media-stream',
  GRANT_ALL,
];

/** Milliseconds that something on a page may take; a failure's patience, for a machine that is busy. */
const WITHIN = 60_000;

export interface LaunchOptions {
  flags?: string[];
  asks?: boolean;
}

/** @returns the path of a Chromium: CHROMIUM_PATH, or the first of its names on PATH; null when there is none */
export function findChromium(): string | null {
  const { CHROMIUM_PATH, PATH = '' } = process.env;
  const folders = PATH.split(delimiter);
  const paths = CHROMIUM_PATH ? [CHROMIUM_PATH] : NAMES.flatMap((name) => folders.map((folder) => join(folder, name)));
  return paths.find(isProgram) ?? null;
}

/**
 * Starts a headless Chromium with a fresh profile, a fake camera and a fake microphone. One a test
 * file is enough: `browser.newContext()` gives each viewer and agent cookies and storage of their own.
 * @param flags beyond the usual ones; `asks` leaves permissions to the context instead of granting all
 */
export async function launchBrowser({ flags = [], asks = false }: LaunchOptions = {}): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === null) {
    throw new Error('There is no Chromium on this machine. Install one, or say where it is with CHROMIUM_PATH.');
  }
  const usual = asks ? FLAGS.filter((flag) => flag !== GRANT_ALL) : FLAGS;
  const browser = await chromium.launch({ executablePath, args: [...usual, ...flags] });
  browser.on('context', (context) => context.setDefaultTimeout(WITHIN));
  return browser;
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
