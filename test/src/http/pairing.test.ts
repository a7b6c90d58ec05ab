import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DeviceAuthorization, PairedCredentials } from '../../../src/protocol/api.ts';
import { startHttp, type Http } from './server.ts';

let http: Http;
beforeEach(async () => {
  http = await startHttp({ limits: { pairingGuess: { points: 3, seconds: 60 } } });
});
afterEach(() => http.close());

const elsewhere = { 'x-couchline': undefined, origin: 'https://tv.example' };
const allow = { allow: true, name: 'Bedroom TV', customer: null };

async function start(body: object = { model: 'X40', serial: 'NEW-1' }): Promise<DeviceAuthorization> {
  const answer = await http.post('/pairing/device', body, elsewhere);
  expect(answer.status).toBe(200);
  return (await answer.json()) as DeviceAuthorization;
}

describe('pairing over HTTP', () => {
  it('[M3] a TV on a page of its own gets credentials once an agent says yes', async () => {
    const { device_code, user_code } = await start();
    const ask = () => http.post('/pairing/token', { device_code }, elsewhere);
    const pending = await ask();
    expect([pending.status, await pending.json()]).toEqual([400, { error: 'authorization_pending' }]);
    const cookie = await http.signIn();
    const shown = await http.get(`/api/pairings/${user_code.toLowerCase()}`, { cookie });
    expect([shown.status, await shown.json()]).toMatchObject([
      200,
      { userCode: user_code, model: 'X40', serial: 'NEW-1', replaces: null },
    ]);
    expect((await http.post(`/api/pairings/${user_code}`, allow, { cookie })).status).toBe(204);
    const soon = await ask();
    expect([soon.status, await soon.json()]).toEqual([400, { error: 'slow_down' }]);
  });

  it('[M3] a first question after the yes is answered with the credentials, readable by any page', async () => {
    const { device_code, user_code } = await start();
    await http.post(`/api/pairings/${user_code}`, allow, { cookie: await http.signIn() });
    const answer = await http.post('/pairing/token', { device_code }, elsewhere);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('access-control-allow-origin')).toBe('*');
    expect(answer.headers.get('access-control-allow-credentials')).toBeNull();
    const { serial, secret } = (await answer.json()) as PairedCredentials;
    expect([serial, secret.length]).toEqual(['NEW-1', 43]);
  });

  it('[M3] browsers of other origins may ask beforehand', async () => {
    const answer = await fetch(`${http.url}/pairing/device`, {
      method: 'OPTIONS',
      headers: { origin: 'https://tv.example', 'access-control-request-method': 'POST' },
    });
    expect(answer.status).toBe(204);
    expect(answer.headers.get('access-control-allow-headers')).toBe('content-type');
  });

  it('[M3] errors are readable by any page too', async () => {
    const answer = await http.post('/pairing/device', { model: '' }, elsewhere);
    expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([400, '*']);
    const broken = await http.post('/pairing/token', '{', elsewhere);
    expect([broken.status, broken.headers.get('access-control-allow-origin')]).toEqual([400, '*']);
  });

  it('[M3] takes nothing that is no model, code or answer', async () => {
    const cookie = await http.signIn();
    const tries: [string, unknown][] = [
      ['/pairing/device', {}],
      ['/pairing/device', { model: 'x'.repeat(61) }],
      ['/pairing/device', { model: 'X40', serial: 7 }],
      ['/pairing/token', {}],
      ['/pairing/token', { device_code: 'short' }],
      ['/api/pairings/BCDF-GHJK', {}],
      ['/api/pairings/BCDF-GHJK', { allow: true, name: 'TV' }],
      [`/api/pairings/${'B'.repeat(41)}`, allow],
    ];
    for (const [path, body] of tries) {
      const answer = await http.post(path, body, { cookie });
      expect([path, answer.status]).toEqual([path, 400]);
    }
  });

  it('[M3] only a signed-in agent answers a code', async () => {
    const { user_code } = await start();
    expect((await http.post(`/api/pairings/${user_code}`, allow)).status).toBe(401);
    expect((await http.get(`/api/pairings/${user_code}`)).status).toBe(401);
  });

  it('[M3] bounds the guesses at codes; a right code is no guess', async () => {
    const cookie = await http.signIn();
    const { user_code } = await start();
    const look = async (code: string) => (await http.get(`/api/pairings/${code}`, { cookie })).status;
    for (let n = 0; n < 5; n++) expect(await look(user_code)).toBe(200);
    const guesses = [];
    for (let n = 0; n < 4; n++) guesses.push(await look('BCDF-GHJK'));
    expect(guesses).toEqual([404, 404, 404, 429]);
    expect(await look(user_code)).toBe(429);
    expect((await http.post(`/api/pairings/${user_code}`, allow, { cookie })).status).toBe(429);
  });

  it('[M3] bounds how many codes one address asks for', async () => {
    const few = await startHttp({ limits: { pairingStart: { points: 1, seconds: 60 } } });
    expect((await few.post('/pairing/device', { model: 'X40' })).status).toBe(200);
    const second = await few.post('/pairing/device', { model: 'X40' });
    await few.close();
    expect(second.status).toBe(429);
  });
});
