/** Receivers that hang, drip, lie and lead astray, on real sockets. */
import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { DeliveryError } from '../../../src/events/webhooks/ports.ts';
import { createWebhookClient, type WebhookClientOptions } from '../../../src/http/webhookClient.ts';

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

async function listen(server: Server): Promise<string> {
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  closers.push(() => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks`;
}

/** Speaks bytes: what it is told to after the head of a request came. @returns its address, and what it saw */
async function bare(speak: (socket: Socket) => void): Promise<{ url: string; closed: Promise<void> }> {
  let tellClosed = () => {};
  const closed = new Promise<void>((resolve) => (tellClosed = resolve));
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.on('close', tellClosed);
    socket.once('data', () => speak(socket));
    closers.push(() => socket.destroy());
  });
  return { url: await listen(server), closed };
}

async function http(answer: RequestListener): Promise<string> {
  const server = createHttpServer(answer);
  closers.push(() => server.closeAllConnections());
  return await listen(server);
}

function client(options: Partial<WebhookClientOptions> = {}) {
  const made = createWebhookClient({ allowPrivate: true, ...options });
  closers.push(() => made.close());
  return made;
}

const post = (url: string, options?: Parameters<typeof client>[0]) =>
  client(options).post({ url, headers: { 'content-type': 'application/json' }, body: '{"said":"hello"}' });

async function failure(attempt: Promise<unknown>): Promise<string> {
  const error = await attempt.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(DeliveryError);
  return (error as DeliveryError).message;
}

/** Sends a byte at a time, without end. */
function drip(socket: Socket, byte: string): void {
  const timer = setInterval(() => socket.write(byte), 20);
  socket.on('close', () => clearInterval(timer));
}

describe('a receiver that answers', () => {
  it('[M8] gets the bytes as they were signed, and its status and Retry-After are told', async () => {
    let got = '';
    const url = await http((req, res) => {
      req.setEncoding('utf8').on('data', (text: string) => (got += text));
      req.on('end', () => res.writeHead(429, { 'Retry-After': '17' }).end('busy'));
    });
    expect(await post(url)).toEqual({ status: 429, retryAfter: '17' });
    expect(got).toBe('{"said":"hello"}');
  });

  it('[M8] keeps its connection for the next event', async () => {
    const ports = new Set<number | undefined>();
    const url = await http((req, res) => {
      ports.add(req.socket.remotePort);
      req.resume().on('end', () => res.writeHead(200).end('ok'));
    });
    const one = client();
    for (let n = 0; n < 3; n += 1) {
      expect((await one.post({ url, headers: {}, body: '{}' })).status).toBe(200);
      await new Promise((turn) => setImmediate(turn));
    }
    expect(ports.size).toBe(1);
  });
});

describe('a receiver that hangs', () => {
  it('[M8] and says nothing is given up after the time it has', async () => {
    const { url, closed } = await bare(() => {});
    expect(await failure(post(url, { withinMs: 200 }))).toBe('The receiver did not answer within 0.2 seconds.');
    await closed;
  });

  it('[M8] and drips the head of its answer gains no time by it', async () => {
    const { url, closed } = await bare((socket) => {
      socket.write('HTTP/1.1 200 OK\r\nX-Slow: ');
      drip(socket, 'a');
    });
    expect(await failure(post(url, { withinMs: 300 }))).toContain('did not answer within');
    await closed;
  });

  it('[M8] after the head of its answer has taken the event; the connection is cut', async () => {
    const { url, closed } = await bare((socket) => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n');
      drip(socket, 'a');
    });
    expect((await post(url)).status).toBe(200);
    await closed;
  });
});

describe('a receiver that lies', () => {
  it('[M8] and ends before the length it told has taken the event all the same', async () => {
    const { url } = await bare((socket) => socket.end('HTTP/1.1 204 OK\r\nContent-Length: 500\r\n\r\nshort'));
    expect((await post(url)).status).toBe(204);
  });

  it('[M8] and sends more than it told harms nothing', async () => {
    const { url } = await bare((socket) =>
      socket.end('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 500 No\r\n\r\n'),
    );
    expect((await post(url)).status).toBe(200);
  });

  it('[M8] and pours out a body without end is cut off', async () => {
    let poured = 0;
    const { url, closed } = await bare((socket) => {
      socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n');
      const chunk = `10000\r\n${'x'.repeat(0x10000)}\r\n`;
      const pour = () => {
        while (!socket.destroyed && socket.write(chunk)) poured += chunk.length;
      };
      socket.on('drain', pour);
      pour();
    });
    expect((await post(url)).status).toBe(200);
    await closed;
    expect(poured).toBeLessThan(16 * 1024 * 1024);
  });

  it('[M8] and sends a head without end is given up', async () => {
    const { url } = await bare((socket) => socket.write(`HTTP/1.1 200 OK\r\nX-Long: ${'x'.repeat(64 * 1024)}\r\n\r\n`));
    expect(await failure(post(url))).toContain('not HTTP');
  });

  it('[M8] and speaks something else than HTTP, or hangs up, is told apart', async () => {
    const noise = await bare((socket) => socket.end('220 smtp.example ESMTP\r\n'));
    expect(await failure(post(noise.url))).toContain('not HTTP');
    const gone = await bare((socket) => socket.destroy());
    expect(await failure(post(gone.url))).toBe('The receiver hung up before it answered.');
  });

  it('[M8] an informational answer is not the answer', async () => {
    const { url } = await bare((socket) =>
      socket.end('HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nHTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n'),
    );
    expect((await post(url)).status).toBe(500);
  });
});

describe('a receiver that leads elsewhere', () => {
  it('[M8] a redirect is an answer, and is not followed', async () => {
    let followed = false;
    const secret = await http((_req, res) => {
      followed = true;
      res.end();
    });
    const url = await http((_req, res) => res.writeHead(307, { Location: secret }).end());
    expect((await post(url)).status).toBe(307);
    expect(followed).toBe(false);
  });

  it('[M8] a private address is refused before anything is sent, as a number and as a name', async () => {
    let reached = false;
    const server = createServer(() => (reached = true));
    const { port } = new URL(await listen(server));
    for (const host of ['127.0.0.1', '[::1]', '[::ffff:127.0.0.1]', 'localhost', '0x7f000001']) {
      expect(await failure(post(`https://${host}:${port}/`, { allowPrivate: false }))).toContain('private network');
    }
    expect(reached).toBe(false);
  });

  it('[M8] a name that leads to private addresses is refused when it is resolved, however it is mixed with others', async () => {
    const asked: string[] = [];
    const resolving = (...addresses: string[]) =>
      client({
        allowPrivate: false,
        withinMs: 300,
        resolve: (hostname, _options, callback) => {
          asked.push(hostname);
          callback(
            null,
            addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
          );
        },
      }).post({ url: 'https://hooks.example/', headers: {}, body: '{}' });
    expect(await failure(resolving('10.0.0.7'))).toContain('private network');
    expect(await failure(resolving('169.254.169.254', '::1', 'fe80::1'))).toContain('private network');
    expect(await failure(resolving())).toContain('private network');
    expect(asked).toEqual(['hooks.example', 'hooks.example', 'hooks.example']);
  });

  it('[M8] a name that nobody has, and an address where nobody listens, are told', async () => {
    expect(await failure(post('https://nobody.invalid/', { allowPrivate: true }))).toMatch(/not found/);
    const url = await http(() => {});
    for (const close of closers.splice(0)) close();
    expect(await failure(post(url))).toBe('Nothing listens at the address.');
  });
});
