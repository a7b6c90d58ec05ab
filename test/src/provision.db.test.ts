/** From an empty database to a signed-in agent, as somebody does it at a terminal: the command as a process of its own. */
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freshDatabase, type FreshDatabase } from '../support/postgres.ts';
import { startService, type Service } from '../support/service.ts';
import { registerAgent, registerTv, signIn } from '../support/wire.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const river = 'a long walk by the river';
const sam = 'sam@northlight.example';

let postgres: FreshDatabase;
let service: Service;

beforeAll(async () => {
  postgres = await freshDatabase();
  service = await startService({ DATABASE_URL: postgres.url, DEMO: 'off' });
});
afterAll(async () => {
  await service.stop();
  await postgres.drop();
});

interface Outcome {
  code: number | null;
  said: string;
  remarked: string;
  /** What stands in the line `  name   value`. */
  value(name: string): string;
}

/** @param env the database by default */
async function provision(args: string[], input = '', env?: Record<string, string>): Promise<Outcome> {
  const { PATH, HOME, TMPDIR } = process.env;
  const child = spawn(process.execPath, ['src/provision.ts', ...args], {
    cwd: root,
    env: { PATH, HOME, TMPDIR, ...(env ?? { DATABASE_URL: postgres.url }) },
  });
  // One that ends without reading is told apart by what it says.
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  const [code, said, remarked] = await Promise.all([
    new Promise<number | null>((done) => child.once('close', done)),
    child.stdout.setEncoding('utf8').toArray(),
    child.stderr.setEncoding('utf8').toArray(),
  ]);
  return {
    code,
    said: said.join(''),
    remarked: remarked.join(''),
    value: (name) => new RegExp(`^ +${name} +(\\S+)$`, 'm').exec(said.join(''))?.[1] ?? '',
  };
}

const anAgent = (email: string, ...more: string[]) =>
  provision(['agent', '--centre', 'northlight-tv', '--name', 'Sam Okafor', '--email', email, ...more], `${river}\n`);
const aTv = (serial: string, ...more: string[]) =>
  provision(['tv', '--centre', 'northlight-tv', '--serial', serial, '--name', 'Living room TV', ...more]);

describe('provisioning beside a running service', () => {
  it('[M24] begins with a contact centre, created once', async () => {
    expect((await provision(['list'])).said).toContain('There is no contact centre yet');
    expect(service.output()).toContain('Create one with: npm run provision -- --help');
    const centre = ['centre', '--name', 'Northlight TV'];
    const created = await provision(centre);
    expect([created.code, created.value('id')]).toEqual([0, 'northlight-tv']);
    const again = await provision(centre);
    expect([again.code, again.said]).toEqual([1, '']);
    expect(again.remarked).toContain('There is a contact centre northlight-tv already. Choose another with --id.');
  });

  it('[M3] puts queues before the help line, at places of their own', async () => {
    const queue = (name: string, ...more: string[]) =>
      provision(['queue', '--centre', 'northlight-tv', '--name', name, ...more]);
    expect((await queue('Boxes', '--model', 'STB*', '--skills', 'boxes')).value('order')).toBe('10');
    expect((await queue('North', '--region', 'north', '--order', '5')).value('order')).toBe('5');
    expect((await queue('Premium')).value('order')).toBe('20');
    expect((await queue('Boxes')).remarked).toContain('has a queue “Boxes” already');
    expect((await queue('South', '--order', '10')).remarked).toContain('Taken are: 5 “North”, 10 “Boxes”');
    expect((await provision(['list'])).said).toContain('queues    4: North, Boxes, Premium, Help line');
  });

  it('[M2] lets an agent in with the password that was given', async () => {
    expect((await anAgent(sam)).code).toBe(0);
    const agent = await registerAgent(service.url, await signIn(service.url, sam, river));
    expect(await agent.nextOf('registered')).toMatchObject({
      centre: { id: 'northlight-tv', name: 'Northlight TV' },
      self: { role: 'agent', name: 'Sam Okafor' },
    });
    agent.cut();
    const taken = await anAgent(sam.toUpperCase());
    expect([taken.code, taken.remarked]).toEqual([1, expect.stringContaining('is known already') as string]);
  });

  it('[M1] lets a TV in with the secret that was printed, and has its agent look after its customer', async () => {
    const unknown = await aTv('SER-1', '--customer-reference', 'NL-7');
    expect([unknown.code, unknown.remarked]).toEqual([1, expect.stringContaining('no customer NL-7') as string]);
    const made = await aTv('SER-1', '--customer-reference', 'NL-7', '--customer-name', 'Alice Ward');
    const tv = await registerTv(service.url, { serial: made.value('serial'), secret: made.value('secret') });
    expect(await tv.nextOf('registered')).toMatchObject({ self: { role: 'tv', name: 'Living room TV' } });
    tv.cut();

    const again = await aTv('SER-1');
    expect([again.code, again.said]).toEqual([1, '']);
    const other = await aTv('SER-2', '--customer-reference', 'NL-7', '--customer-name', 'Bob');
    expect(other.remarked).toContain('Customer NL-7 is known as Alice Ward. That name stays.');

    const priya = ['--supervisor', '--looks-after', 'NL-7', '--generate-password'];
    const added = await anAgent('priya@northlight.example', ...priya);
    await signIn(service.url, 'priya@northlight.example', added.value('password'));
    const { rows } = await postgres.database.query(
      `select roles, customers.name from agents join customers on customers.id = any (customers_looked_after)
       where email = 'priya@northlight.example'`,
    );
    expect(rows).toEqual([{ roles: ['agent', 'supervisor'], name: 'Alice Ward' }]);
  });

  it('[M3] revoking closes the connections that the running service holds, at once', async () => {
    const cookie = await signIn(service.url, sam, river);
    const desk = await registerAgent(service.url, cookie);
    const { value } = await aTv('SER-3');
    const credentials = { serial: 'SER-3', secret: value('secret') };
    const tv = await registerTv(service.url, credentials);

    expect((await provision(['revoke', '--agent', sam])).code).toBe(0);
    expect(await desk.closed).toMatchObject({ reason: 'signed out' });
    const me = await fetch(`${service.url}/api/me`, { headers: { cookie } });
    expect(me.status).toBe(401);

    expect((await provision(['revoke', '--tv', 'SER-3'])).code).toBe(0);
    expect(await tv.closed).toMatchObject({ reason: 'signed out' });

    const back = await registerTv(service.url, credentials);
    const renewed = await provision(['revoke', '--tv', 'SER-3', '--new-secret']);
    expect(await back.closed).toMatchObject({ reason: 'signed out' });
    const anew = await registerTv(service.url, { serial: 'SER-3', secret: renewed.value('secret') });
    anew.cut();

    expect((await provision(['revoke', '--agent', 'bob@northlight.example'])).remarked).toContain('No agent has');
    expect((await provision(['revoke', '--tv', 'SER-9'])).remarked).toContain('There is no TV');
  });

  it('[M2] another password ends the sessions of the old one', async () => {
    const desk = await registerAgent(service.url, await signIn(service.url, sam, river));
    const short = await provision(['password', '--email', sam], 'short\n');
    expect([short.code, short.remarked]).toEqual([1, expect.stringContaining('12 or more') as string]);
    expect((await provision(['password', '--email', sam], 'a swim in the cold sea')).code).toBe(0);
    expect(await desk.closed).toMatchObject({ reason: 'signed out' });
    await expect(signIn(service.url, sam, river)).rejects.toThrow('401');
    await signIn(service.url, sam, 'a swim in the cold sea');
  });

  it('[M24] a serial that two centres have is asked back', async () => {
    await provision(['centre', '--name', 'Southbank Clinic', '--id', 'southbank']);
    await provision(['tv', '--centre', 'southbank', '--serial', 'SER-3', '--name', 'Ward 3']);
    const which = await provision(['revoke', '--tv', 'SER-3']);
    expect([which.code, which.remarked]).toEqual([1, expect.stringContaining('Say which with --centre') as string]);
    expect((await provision(['revoke', '--tv', 'SER-3', '--centre', 'southbank'])).said).toContain('Ward 3');
    const nowhere = await provision(['tv', '--centre', 'south', '--serial', 'SER-4', '--name', 'Ward 4']);
    expect(nowhere.remarked).toContain('There is no contact centre south. Known: northlight-tv, southbank.');
  });

  it('[M24] says where the help is when it does not understand, and what to do when nobody answers', async () => {
    expect(await provision(['centre'])).toMatchObject({
      code: 2,
      said: '',
      remarked: '--name is missing.\nSee npm run provision -- centre --help\n',
    });
    const silent = await provision(['list'], '', { DATABASE_URL: 'postgres://sam:river@127.0.0.1:1/none' });
    expect(silent).toMatchObject({ code: 1, said: '' });
    expect(silent.remarked).toContain('See that Postgres runs, and that DATABASE_URL is right.');
    expect(silent.remarked).not.toContain('river');
  });
});

describe('provisioning on the embedded Postgres', () => {
  it('[M24] starts it when nobody does, and works beside the service that did', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'couchline-provision-'));
    const env = { DATA_DIR: join(folder, 'data') };
    try {
      expect((await provision(['centre', '--name', 'Northlight TV'], '', env)).code).toBe(0);
      const embedded = await startService({ ...env, DEMO: 'off' });
      try {
        const added = ['agent', '--centre', 'northlight-tv', '--name', 'Sam Okafor', '--email', sam];
        expect((await provision(added, river, env)).remarked).toBe('');
        await signIn(embedded.url, sam, river);
      } finally {
        expect(await embedded.stop()).toBe(0);
      }
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
