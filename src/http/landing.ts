/** The first page: where to click. It needs nothing built. */
import { pageColours } from './pageColours.ts';

/** A TV whose credentials are well known. */
export interface DemoTv {
  serial: string;
  secret: string;
}

const places = [
  {
    href: '/tv/',
    name: 'Watch TV',
    what: 'A TV service with help built in. Best at 1920 × 1080; arrows, Enter and Escape are the remote.',
  },
  {
    href: '/tv/plugin.html',
    name: 'See it in another TV service',
    what: 'Somebody else’s page with the connector in it.',
  },
  { href: '/agent/', name: 'Answer as an agent', what: 'The desktop: who asks, what the TV shows, tasks to send.' },
  { href: '/pair', name: 'Pair a TV', what: 'Type the code that a new TV shows. For signed-in agents.' },
  { href: '/docs', name: 'Connect another system', what: 'The HTTP API, and webhooks for what happens.' },
  { href: '/readyz', name: 'Check the service', what: 'Whether the database and the worker are there.' },
];

/** @param demoTv opened by the TV's links; without it they open a TV that pairs */
export function landingPage(demoTv?: DemoTv): string {
  const credentials = demoTv === undefined ? '' : `?${new URLSearchParams({ ...demoTv }).toString()}`;
  const items = places.map(({ href, name, what }) => {
    const link = href.startsWith('/tv/') ? href + credentials.replaceAll('&', '&amp;') : href;
    return `<li><a href="${link}">${name}<span>${what}</span></a></li>`;
  });
  return page(items.join('\n'));
}

const page = (items: string) => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Couchline</title>
<link rel="icon" href="/tv/icon.svg">
<style>
${pageColours}
body { margin: 0; background: var(--bg); color: var(--text);
  font: 17px/26px system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", Arial, sans-serif; }
main { max-width: 640px; margin: 0 auto; padding: 48px 24px; }
h1 { margin: 0 0 8px; font-size: 40px; line-height: 48px; font-weight: 600; }
p { margin: 0 0 24px; color: var(--text-2); }
ul { margin: 0; padding: 0; list-style: none; }
li { margin: 0 0 12px; }
a { display: block; min-height: 48px; padding: 12px 16px; border: 1px solid var(--line); border-radius: 12px;
  background: var(--surface); color: var(--primary); font-weight: 600; text-decoration: none; }
a span { display: block; color: var(--text-2); font-size: 15px; line-height: 22px; font-weight: 400; }
a:hover { background: var(--raised); }
a:focus-visible { outline: 2px solid var(--focus); outline-offset: 3px; box-shadow: 0 0 0 3px var(--halo); }
</style>
</head>
<body>
<main>
<h1>Couchline</h1>
<p>Help on the TV, from a person who sees what is wrong.</p>
<ul>
${items}
</ul>
</main>
</body>
</html>
`;
