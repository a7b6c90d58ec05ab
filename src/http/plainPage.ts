/** A page of a few sentences, for people who came to an address with a browser; programs get JSON there. */
import type { Request } from 'express';
import { pageColours } from './pageColours.ts';

/** Whether a person looks: a browser says that it likes a page better, programs take anything. */
export function wantsPage(req: Request): boolean {
  return req.method === 'GET' && req.accepts(['json', 'html']) === 'html';
}

/** @param sentences plain text, a paragraph each */
export function plainPage(title: string, sentences: readonly string[]): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)} · Couchline</title>
<link rel="icon" href="/tv/icon.svg">
<style>
${pageColours}
body { margin: 0; background: var(--bg); color: var(--text);
  font: 17px/26px system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", Arial, sans-serif; }
main { max-width: 640px; margin: 0 auto; padding: 48px 24px; }
h1 { margin: 0 0 8px; font-size: 32px; line-height: 40px; font-weight: 600; }
p { margin: 0 0 16px; color: var(--text-2); }
a { color: var(--primary); font-weight: 600; }
a:focus-visible { outline: 2px solid var(--focus); outline-offset: 3px; box-shadow: 0 0 0 3px var(--halo); }
</style>
</head>
<body>
<main>
<h1>${escaped(title)}</h1>
${sentences.map((sentence) => `<p>${escaped(sentence)}</p>`).join('\n')}
<p><a href="/">Go to the first page</a></p>
</main>
</body>
</html>
`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
