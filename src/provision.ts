/**
 * The other roof: `npm run provision -- …` sets up what the service needs before anybody can sign
 * in, and ends sessions. Works beside a running service as well. Nobody imports it.
 */
import { createProvisioning, type Provisioning } from '../db/provisioning.ts';
import { openDatabase, type Database } from '../db/database.ts';
import { findRunningPostgres, startEmbeddedPostgres } from '../db/embedded.ts';
import { migrate } from '../db/migrate.ts';
import { createRegistrationStore } from '../db/registrationStore.ts';
import { readConfig, type Config } from './config.ts';
import { readCommand, UsageError, type Command } from './provision/commandLine.ts';
import { enterPassword } from './provision/passwordEntry.ts';
import { ConflictError } from './registration/errors.ts';
import type { RegistrationStore } from './registration/ports.ts';
import { createRegistration, type Registration } from './registration/registration.ts';
import { mintToken } from './registration/tokens.ts';

interface Tools {
  provisioning: Provisioning;
  registration: Registration;
  store: RegistrationStore;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Beside the result, which a script may read. */
function remark(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** One value a line, easily cut out: `  secret     …`. */
function sayValues(values: Record<string, string>): void {
  for (const [name, value] of Object.entries(values)) say(`  ${name.padEnd(9)} ${value}`);
}

async function provision(): Promise<void> {
  const command = readCommand(process.argv.slice(2));
  if (command.kind === 'help') return say(command.text);
  const config = readConfig(process.env);
  const password = await passwordFor(command);
  const { database, close } = await open(config);
  try {
    await migrate(database);
    const store = createRegistrationStore(database);
    const registration = createRegistration({ store, clock: () => Date.now(), publicUrl: config.publicUrl ?? '' });
    await run(command, password, { provisioning: createProvisioning(database), registration, store });
  } finally {
    await close();
  }
}

/** Before anything is opened: people take their time. Empty where no password belongs. */
async function passwordFor(command: Command): Promise<string> {
  if (command.kind !== 'agent' && command.kind !== 'password') return '';
  return command.generatePassword ? mintToken() : await enterPassword(process.stdin, process.stderr);
}

/** The database of the settings: a Postgres of its own, the one that a running service started, or started for this. */
async function open(config: Config): Promise<{ database: Database; close(): Promise<void> }> {
  const url = config.databaseUrl ?? (await findRunningPostgres(config.dataDir));
  const postgres = url === null ? await startEmbeddedPostgres({ dataDir: config.dataDir, log: remark }) : null;
  const database = openDatabase(url ?? postgres?.url ?? '', { connections: 2 });
  const close = async () => {
    await database.end();
    await postgres?.stop();
  };
  try {
    await database.query('select 1');
  } catch (cause) {
    await close();
    const { message, code } = cause as Error & { code?: string };
    throw new Error(
      `The database does not answer (${message || code}). See that Postgres runs, and that DATABASE_URL is right.`,
      { cause },
    );
  }
  return { database, close };
}

async function run(command: Command, password: string, tools: Tools): Promise<void> {
  switch (command.kind) {
    case 'centre':
      return await addCentre(command, tools);
    case 'queue':
      return await addQueue(command, tools);
    case 'agent':
      return await addAgent(command, password, tools);
    case 'tv':
      return await addTv(command, tools);
    case 'list':
      return await list(tools);
    case 'revoke':
      return command.tv === undefined
        ? await revokeAgent(command.agent ?? '', tools)
        : await revokeTv({ ...command, serial: command.tv }, tools);
    case 'password':
      return await changePassword(command, password, tools);
  }
}

type Given<K extends Command['kind']> = Command & { kind: K };

async function addCentre({ name, id = idFrom(name) }: Given<'centre'>, { provisioning }: Tools): Promise<void> {
  await provisioning.createCentre({ id, name });
  say(`The contact centre “${name}” is there, with the queue “Help line” for every TV.`);
  sayValues({ id });
}

async function addQueue({ centre, kind: _, ...queue }: Given<'queue'>, { provisioning }: Tools): Promise<void> {
  await seeCentre(provisioning, centre);
  const order = await provisioning.createQueue(centre, { ...queue, order: queue.order ?? null });
  say(`The queue “${queue.name}” is there.`);
  sayValues({ order: String(order) });
}

async function addAgent(given: Given<'agent'>, password: string, { provisioning, registration }: Tools): Promise<void> {
  const { centre, name, email, skills, capacity } = given;
  await seeCentre(provisioning, centre);
  await registration.addAgent(centre, {
    email,
    name,
    password,
    roles: given.supervisor ? ['agent', 'supervisor'] : ['agent'],
    skills,
    customersLookedAfter: await provisioning.customerIds(centre, given.looksAfter),
    capacity,
  });
  say(`${name} can sign in at /agent/.`);
  sayValues({ email, ...(given.generatePassword ? { password } : {}) });
}

async function addTv(given: Given<'tv'>, { provisioning, registration }: Tools): Promise<void> {
  const { centre, serial, name, customerReference: reference, customerName } = given;
  await seeCentre(provisioning, centre);
  let customerId: string | undefined;
  if (reference !== undefined && customerName !== undefined) {
    const customer = await provisioning.createCustomer(centre, { reference, name: customerName });
    customerId = customer.id;
    if (customer.name !== customerName) remark(`Customer ${reference} is known as ${customer.name}. That name stays.`);
  } else if (reference !== undefined) {
    [customerId] = await provisioning.customerIds(centre, [reference]);
  }
  const { secret } = await registration.provisionTv(centre, {
    serial,
    name,
    ...(customerId === undefined ? {} : { customerId }),
  });
  say(`“${name}” can register. The secret is shown this once: only its hash is kept.`);
  sayValues({ serial, secret });
}

async function list({ provisioning }: Tools): Promise<void> {
  const centres = await provisioning.centres();
  if (centres.length === 0) say('There is no contact centre yet. Begin with: npm run provision -- centre --name "…"');
  for (const { id, name, queues, agents, tvs, tvsConnected } of centres) {
    say(`${id}  ${name}`);
    say(`  queues    ${queues.length}: ${queues.join(', ')}`);
    say(`  agents    ${agents.length}`);
    for (const agent of agents) {
      say(`    ${agent.name} <${agent.email}>${agent.roles.includes('supervisor') ? ', supervisor' : ''}`);
    }
    say(`  TVs       ${tvs}, ${tvsConnected} connected`);
  }
}

async function revokeAgent(email: string, { registration, store }: Tools): Promise<void> {
  const agent = await store.findAgentByEmail(email);
  if (agent === null) throw unknownAgent(email);
  await registration.revokeSessions(agent.id);
  say(`${agent.name} is signed out everywhere. The password still works; change it with the command password.`);
}

async function revokeTv(
  given: { serial: string; centre?: string | undefined; newSecret: boolean },
  { registration, store }: Tools,
): Promise<void> {
  const { serial, centre } = given;
  const known = await store.findTvsBySerial(serial);
  const tvs = centre === undefined ? known : known.filter((one) => one.centre.id === centre);
  const [tv, other] = tvs;
  if (tv === undefined) {
    throw new ConflictError(
      `There is no TV with the serial ${serial}${centre === undefined ? '' : ` in ${centre}`}. Check the spelling.`,
    );
  }
  if (other !== undefined) {
    const centres = tvs.map((one) => one.centre.id).join(', ');
    throw new ConflictError(
      `Several centres have a TV with the serial ${serial}: ${centres}. Say which with --centre.`,
    );
  }
  if (!given.newSecret) {
    await registration.revokeSessions(tv.id);
    say(`The sessions of “${tv.name}” are over. Its secret still lets it in; --new-secret gives it another.`);
    return;
  }
  const renewed = await registration.renewTvSecret(tv.centre.id, serial);
  if (renewed === null) throw new ConflictError(`The TV ${serial} went away meanwhile. Nothing was changed.`);
  say(`“${tv.name}” has a new secret, shown this once. The old one and its sessions are over.`);
  sayValues({ ...renewed });
}

async function changePassword(given: Given<'password'>, password: string, { registration }: Tools): Promise<void> {
  if (!(await registration.setPassword(given.email, password))) throw unknownAgent(given.email);
  say('The password is changed, and whoever was signed in with the old one is signed out.');
  sayValues({ email: given.email, ...(given.generatePassword ? { password } : {}) });
}

async function seeCentre(provisioning: Provisioning, centreId: string): Promise<void> {
  const ids = (await provisioning.centres()).map(({ id }) => id);
  if (ids.includes(centreId)) return;
  const there =
    ids.length === 0 ? 'There is none yet: create one with the command centre.' : `Known: ${ids.join(', ')}.`;
  throw new ConflictError(`There is no contact centre ${centreId}. ${there}`);
}

function unknownAgent(email: string): ConflictError {
  return new ConflictError(`No agent has the e-mail address ${email}. The command list shows them.`);
}

/** "Northlight TV" becomes `northlight-tv`. */
function idFrom(name: string): string {
  const id = name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 64);
  if (id === '') throw new UsageError(`No id can be made of “${name}”. Give one with --id.`, 'centre');
  return id;
}

await provision().catch((error: unknown) => {
  remark(error instanceof Error ? error.message : String(error));
  process.exitCode = error instanceof UsageError ? 2 : 1;
});
