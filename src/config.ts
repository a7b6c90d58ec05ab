/** All settings, from the environment, checked once at start. Nobody else reads process.env. */
import { isIP } from 'node:net';
import { z } from 'zod';

const number = (takes: string, min: number, max: number) => z.coerce.number(takes).min(min, takes).max(max, takes);

/** @param max left out where there is no bound but that of numbers */
const whole = (min: number, max = Number.MAX_SAFE_INTEGER) => {
  const range = max === Number.MAX_SAFE_INTEGER ? `of ${min} or more` : `from ${min} to ${max}`;
  const takes = `must be a whole number ${range}`;
  return number(takes, min, max).int(takes);
};

const seconds = (fallback: number, max = 86_400) =>
  number(`must be seconds, from 0.05 to ${max}`, 0.05, max)
    .default(fallback)
    .transform((value) => Math.round(value * 1000));

const oneOf = <const T extends string[]>(...values: T) =>
  z.enum(values, `must be ${values.slice(0, -1).join(', ')} or ${values.at(-1)}`);

const flag = (fallback: 'on' | 'off') =>
  oneOf('on', 'off')
    .default(fallback)
    .transform((value) => value === 'on');

/** 32 bytes each, in base64, comma-separated. */
const keys = z
  .string()
  .default('')
  .transform((list, context) => {
    const found = list
      .split(',')
      .map((key) => key.trim())
      .filter((key) => key !== '')
      .map((key) => Buffer.from(key, 'base64'));
    if (found.some((key) => key.length !== 32)) {
      context.addIssue('each key must be 32 bytes in base64; "openssl rand -base64 32" makes one');
    }
    return found;
  });

/** `10.0.0.0/8`, several separated by commas. */
const networks = z
  .string()
  .default('')
  .transform((list, context) => {
    const found = list
      .split(',')
      .map((network) => network.trim())
      .filter((network) => network !== '');
    for (const network of found) {
      const [address = '', prefix = '', ...more] = network.split('/');
      const bits = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1;
      if (more.length === 0 && /^\d{1,3}$/.test(prefix) && Number(prefix) <= bits) continue;
      context.addIssue('must look like 10.0.0.0/8, several separated by commas');
    }
    return found;
  });

/** Not repeated in a message, which may end up in a log. */
const SECRETS = new Set(['SECRET_KEY', 'METRICS_TOKEN', 'TURN_SECRET', 'DATABASE_URL', 'DRACHTIO_SECRET']);

const schema = z.object({
  /** 0 takes a free one. */
  PORT: whole(0, 65_535).default(8080),
  /** The address to listen on; all of them by default, so that a TV in the same network gets through. */
  HOST: z.string().default('0.0.0.0'),
  /** Another Postgres than the embedded one. */
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'must look like postgres://user:password@host:5432/name')
    .optional(),
  /** Where the embedded Postgres keeps its files. */
  DATA_DIR: z.string().default('data'),
  /** How browsers reach the service; by default http://localhost and the port. */
  PUBLIC_URL: z.url('must be an address such as https://help.example').optional(),
  /** Origins besides the service's own that may connect: TV services that embed the connector. `null` for packaged TV apps. */
  ALLOWED_ORIGINS: z
    .string()
    .default('')
    .transform((list) =>
      list
        .split(',')
        .map((origin) => origin.trim().replace(/\/$/, ''))
        .filter((origin) => origin !== ''),
    ),
  /** The demo contact centre with its well-known passwords; on with the embedded Postgres, else off. */
  DEMO: oneOf('on', 'off').optional(),
  LOG_LEVEL: oneOf('trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent').default('info'),
  /** Set where a proxy in front tells the client's address (X-Forwarded-For). */
  TRUST_PROXY: flag('off'),
  /** Webhooks may go to private and loopback addresses; for trying out, and where the receivers stand in the same network. */
  ALLOW_PRIVATE_WEBHOOKS: flag('off'),
  /** Seals the signing secrets of webhooks in the database. The first seals; those after it only open what they sealed once. */
  SECRET_KEY: keys,
  /** Live connections in all; 0 for no limit, here and in the next two. */
  MAX_CONNECTIONS: whole(0).default(50_000),
  /** Live connections from one address; a hotel's TVs share one. */
  CONNECTIONS_PER_ADDRESS: whole(0).default(5_000),
  /** New connections a second from one address in the long run; ten seconds' worth may come at once. */
  CONNECT_RATE_PER_ADDRESS: number('must be a number of 0 or more', 0, Number.MAX_SAFE_INTEGER).default(100),
  /** How long a request may take to arrive, and a connection to register. */
  HANDSHAKE_SECONDS: seconds(10, 120),
  /** Whoever reads /metrics shows it; without one, only this machine reads them. */
  METRICS_TOKEN: z.string().min(16, 'must have 16 characters or more').optional(),
  /**
   * The first media worker listens here for browsers, by UDP and TCP; each further one takes the next port.
   * By default below those that mediasoup (10,000 up) and the system (32,768 up) hand out by themselves. 0 takes free ones.
   */
  MEDIA_PORT: whole(0, 65_000).default(9_500),
  /** Media workers; one a core by default. 0 is a service without sound and picture. */
  MEDIA_WORKERS: whole(0, 256).optional(),
  /** The address or name that browsers send media to, where it is not this machine's own: behind NAT. */
  MEDIA_ANNOUNCED_ADDRESS: z
    .string()
    .regex(/^[\w.:-]+$/, 'must be an IP address or a host name, without a port')
    .optional(),
  /** Another mediasoup worker than the installed one; mediasoup's own name for it. */
  MEDIASOUP_WORKER_BIN: z.string().optional(),
  /** A TURN server that browsers may be relayed by: turn:turn.example:3478, several separated by commas. */
  TURN_URL: z
    .string()
    .regex(/^turns?:[^\s,]+(,turns?:[^\s,]+)*$/, 'must look like turn:turn.example:3478, several separated by commas')
    .optional(),
  /** What the TURN server and the service both know: coturn's static-auth-secret. */
  TURN_SECRET: z.string().optional(),
  /** The embedded SIP server listens here, by UDP and TCP, at HOST; 0 takes free ones. Without it there is no SIP. */
  SIP_PORT: whole(0, 65_535).optional(),
  /** The address that phones outside of SIP_LOCAL_NETWORKS send to: behind NAT. */
  SIP_EXTERNAL_ADDRESS: z
    .string()
    .refine((address) => isIP(address) !== 0, 'must be an IP address')
    .optional(),
  /** Networks whose phones reach this machine at its own address. */
  SIP_LOCAL_NETWORKS: networks,
  /** A drachtio-server that is used instead of the embedded one: its control port, and what opens that. */
  DRACHTIO_HOST: z.string().optional(),
  DRACHTIO_PORT: whole(1, 65_535).default(9_022),
  DRACHTIO_SECRET: z.string().optional(),
  /** How long an agent may take to answer an offer. */
  OFFER_SECONDS: seconds(20),
  /** How long an agent who declined is left in peace before being asked again, when nobody else is there. */
  DECLINE_SECONDS: seconds(30),
  /** How long the agents a TV belongs to are asked alone. */
  PREFERENCE_SECONDS: seconds(45),
  /** How long a TV that is not connected keeps its place. */
  ABSENCE_SECONDS: seconds(300),
  /** How long the viewer is asked whether a fix holds. */
  CLOSURE_SECONDS: seconds(120),
  /** How long an agent may lose connection before the talk goes back to the line. */
  AGENT_GRACE_SECONDS: seconds(45),
  /** How long an invitation stays on the TV. */
  INVITATION_SECONDS: seconds(60),
});

export type Config = ReturnType<typeof readConfig>;

/**
 * Reads the settings.
 * @throws Error naming every setting that is wrong, what it was and what it takes
 */
export function readConfig(environment: Record<string, string | undefined>) {
  // An empty variable means the same as none, as in a compose file's `PORT=`.
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const parsed = schema
    .refine(({ TURN_URL, TURN_SECRET }) => TURN_URL === undefined || TURN_SECRET !== undefined, {
      path: ['TURN_SECRET'],
      message: 'must be set with TURN_URL: the secret that the TURN server is configured with',
    })
    .refine(({ DRACHTIO_HOST, DRACHTIO_SECRET }) => DRACHTIO_HOST === undefined || DRACHTIO_SECRET !== undefined, {
      path: ['DRACHTIO_SECRET'],
      message: 'must be set with DRACHTIO_HOST: the secret of its control port',
    })
    .safeParse(given);
  if (!parsed.success) {
    const lines = parsed.error.issues.map((issue) => {
      const name = issue.path.join('.');
      const value = given[name] ?? '';
      return `  ${name}=${value !== '' && SECRETS.has(name) ? '…' : value}: ${issue.message}`;
    });
    throw new Error(
      `These settings are not understood. Change or remove them and start again.\n${[...new Set(lines)].join('\n')}`,
    );
  }
  const c = parsed.data;
  return {
    port: c.PORT,
    host: c.HOST,
    databaseUrl: c.DATABASE_URL ?? null,
    dataDir: c.DATA_DIR,
    publicUrl: c.PUBLIC_URL?.replace(/\/$/, '') ?? null,
    allowedOrigins: c.ALLOWED_ORIGINS,
    demo: c.DEMO === undefined ? c.DATABASE_URL === undefined : c.DEMO === 'on',
    logLevel: c.LOG_LEVEL,
    trustProxy: c.TRUST_PROXY,
    connections: {
      max: c.MAX_CONNECTIONS,
      perAddress: c.CONNECTIONS_PER_ADDRESS,
      ratePerAddress: c.CONNECT_RATE_PER_ADDRESS,
    },
    handshakeMs: c.HANDSHAKE_SECONDS,
    metricsToken: c.METRICS_TOKEN ?? null,
    secretKeys: c.SECRET_KEY,
    allowPrivateWebhooks: c.ALLOW_PRIVATE_WEBHOOKS,
    media: {
      workerBin: c.MEDIASOUP_WORKER_BIN ?? null,
      workers: c.MEDIA_WORKERS ?? null,
      firstPort: c.MEDIA_PORT === 0 ? null : c.MEDIA_PORT,
      announcedAddress: c.MEDIA_ANNOUNCED_ADDRESS ?? null,
      turn:
        c.TURN_URL === undefined || c.TURN_SECRET === undefined
          ? null
          : { urls: c.TURN_URL.split(','), secret: c.TURN_SECRET },
    },
    sip: sipOf(c),
    times: {
      offerMs: c.OFFER_SECONDS,
      declineMs: c.DECLINE_SECONDS,
      preferMs: c.PREFERENCE_SECONDS,
      absenceMs: c.ABSENCE_SECONDS,
      closureMs: c.CLOSURE_SECONDS,
      graceMs: c.AGENT_GRACE_SECONDS,
      invitationMs: c.INVITATION_SECONDS,
    },
  };
}

/** Which SIP server there is. */
type SipServer =
  | { daemon: { host: string; port: number; secret: string } }
  | { engine: { address: string; port: number; externalAddress: string | null; localNetworks: readonly string[] } };

/** A drachtio-server where one is named, else the embedded one where it has a port, else none. */
function sipOf(c: z.infer<typeof schema>): SipServer | null {
  const { DRACHTIO_HOST: host, DRACHTIO_SECRET: secret, SIP_PORT: port } = c;
  if (host !== undefined && secret !== undefined) return { daemon: { host, port: c.DRACHTIO_PORT, secret } };
  if (port === undefined) return null;
  const externalAddress = c.SIP_EXTERNAL_ADDRESS ?? null;
  return { engine: { address: c.HOST, port, externalAddress, localNetworks: c.SIP_LOCAL_NETWORKS } };
}
