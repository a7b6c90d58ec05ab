/** What this computer is, for the agent's registration (seed 54): "Firefox 128 on Linux". */
export function deviceName(userAgent: string): string {
  const browser = BROWSERS.map(([name, sign]) => ({ name, version: sign.exec(userAgent)?.[1] })).find(
    (one) => one.version !== undefined,
  );
  const system = SYSTEMS.find(([, sign]) => sign.test(userAgent))?.[0];
  const words = browser ? `${browser.name} ${browser.version}` : 'A browser';
  return system === undefined ? words : `${words} on ${system}`;
}

// Edge also says Chrome, and Chrome also says Safari: the more particular name stands first.
const BROWSERS: readonly [string, RegExp][] = [
  ['Edge', /\bEdg\/(\d+)/],
  ['Firefox', /\bFirefox\/(\d+)/],
  ['Chrome', /\bChrome\/(\d+)/],
  ['Safari', /\bVersion\/(\d+).*Safari/],
];

const SYSTEMS: readonly [string, RegExp][] = [
  ['Windows', /Windows/],
  ['ChromeOS', /CrOS/],
  ['Android', /Android/],
  ['iOS', /iPhone|iPad/],
  ['macOS', /Mac OS X/],
  ['Linux', /Linux/],
];
