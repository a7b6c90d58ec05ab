/** WebSockets at paths of others, such as SIP's. */
import { once } from 'node:events';
import { afterEach, expect, it } from 'vitest';
import { openRealtime, type RealtimeBench } from './bench.ts';

let bench: RealtimeBench;
afterEach(() => bench.close());

/** What an upgrade at this path is answered. */
async function upgrade(path: string, origin: string): Promise<string> {
  const socket = await bench.raw();
  const wants = ['Connection: Upgrade', 'Upgrade: websocket', `Origin: ${origin}`];
  socket.write([`GET ${path} HTTP/1.1`, 'Host: help.example', ...wants, '', ''].join('\r\n'));
  const [answer] = (await once(socket, 'data')) as [Buffer];
  socket.destroy();
  return answer.toString().split('\r\n')[0] ?? '';
}

it('[RFC 7118] are handed over to whoever takes them, from origins that may connect alone', async () => {
  const taken: (string | undefined)[] = [];
  bench = await openRealtime({
    elsewhere: new Map([
      [
        '/sip',
        ({ url }, socket) => {
          taken.push(url);
          socket.end('HTTP/1.1 418 Taken\r\n\r\n');
        },
      ],
    ]),
  });
  expect(await upgrade('/sip?a=1', 'http://help.example')).toBe('HTTP/1.1 418 Taken');
  expect(await upgrade('/sip', 'http://elsewhere.example')).toMatch(/^HTTP\/1\.1 403 /);
  expect(await upgrade('/sips', 'http://help.example')).toMatch(/^HTTP\/1\.1 404 /);
  expect(taken).toEqual(['/sip?a=1']);
});
