/** What `npm run provision -- …` understands: each command's options, what it does, and the words of its help. */
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { id, text } from '../protocol/facts.ts';

/** What was typed is not understood. The message says which part, and where the help is. */
export class UsageError extends Error {
  constructor(message: string, command?: string) {
    super(`${message}\nSee npm run provision -- ${command === undefined ? '' : `${command} `}--help`);
    this.name = 'UsageError';
  }
}

const flag = z.boolean().default(false);
const email = z
  .string()
  .trim()
  .max(200)
  .regex(/^[^\s@]+@[^\s@]+$/, 'must look like sam@example.com');
const pattern = z
  .string()
  .max(60)
  .regex(/^[^*]*\*?$/, 'may have one *, at the end')
  .default('*');
const list = (max: number) =>
  z
    .string()
    .default('')
    .transform((given) => given.split(',').map((one) => one.trim()))
    .transform((given) => [...new Set(given)].filter((one) => one !== ''))
    .pipe(z.array(text(max)).max(100));

const commands = {
  centre: {
    usage: '--name "Northlight TV" [--id northlight]',
    does: 'Creates a contact centre with one queue, “Help line”, that every TV fits. Prints its id.',
    schema: z.object({ name: text(80), id: id.optional() }),
  },
  queue: {
    usage: '--centre ID --name NAME [--operator P] [--model P] [--region P] [--skills a,b] [--order N]',
    does:
      'Adds a queue. A TV belongs to the first queue, by order, whose patterns all fit ("STB*"); ' +
      'an agent to those whose skills the agent all has. The help line comes last.',
    schema: z.object({
      centre: id,
      name: text(60),
      operator: pattern,
      model: pattern,
      region: pattern,
      skills: list(40),
      order: z
        .string()
        .regex(/^[1-9]\d{0,2}$/, 'takes a number from 1 to 999')
        .transform(Number)
        .optional(),
    }),
  },
  agent: {
    usage:
      '--centre ID --name NAME --email ADDRESS [--supervisor] [--skills a,b] [--looks-after REF,REF] [--capacity N] ' +
      '[--generate-password]',
    does:
      'Adds an agent. The password is asked for, or read from standard input where that is no terminal, ' +
      'or made and printed. --looks-after takes customers’ references.',
    schema: z.object({
      centre: id,
      name: text(80),
      email,
      supervisor: flag,
      skills: list(40),
      looksAfter: list(64),
      capacity: z
        .string()
        .regex(/^([1-9]|1\d|20)$/, 'takes a number from 1 to 20')
        .default('1')
        .transform(Number),
      generatePassword: flag,
    }),
  },
  tv: {
    usage: '--centre ID --serial SERIAL --name NAME [--customer-reference REF [--customer-name NAME]]',
    does:
      'Makes a TV known and prints its secret, this once. A customer who is not known yet is made when ' +
      '--customer-name is given.',
    schema: z
      .object({
        centre: id,
        serial: text(64),
        name: text(60),
        customerReference: text(64).optional(),
        customerName: text(80).optional(),
      })
      .refine((tv) => tv.customerName === undefined || tv.customerReference !== undefined, {
        path: ['customerName'],
        message: 'needs --customer-reference too',
      }),
  },
  list: {
    usage: '',
    does: 'Shows every contact centre with its queues, agents and number of TVs.',
    schema: z.object({}),
  },
  revoke: {
    usage: '--agent ADDRESS | --tv SERIAL [--centre ID] [--new-secret]',
    does:
      'Ends the sessions of an agent or TV at once, also at a running service. Password and secret stay good, ' +
      'unless the TV gets a new secret, which is printed this once.',
    schema: z
      .object({ agent: email.optional(), tv: text(64).optional(), centre: id.optional(), newSecret: flag })
      .refine((one) => (one.agent === undefined) !== (one.tv === undefined), {
        path: ['agent'],
        message: 'this or --tv is needed, one of the two',
      })
      .refine((one) => one.tv !== undefined || (one.centre === undefined && !one.newSecret), {
        path: ['tv'],
        message: 'needed with --centre and --new-secret',
      }),
  },
  password: {
    usage: '--email ADDRESS [--generate-password]',
    does: 'Gives an agent another password and ends the sessions of the old one.',
    schema: z.object({ email, generatePassword: flag }),
  },
};

type Commands = typeof commands;
export type Command = { [K in keyof Commands]: { kind: K } & z.output<Commands[K]['schema']> }[keyof Commands];

/**
 * Reads a command line, without `node` and the script.
 * @returns the command, or the help that was asked for
 * @throws UsageError
 */
export function readCommand(args: string[]): Command | { kind: 'help'; text: string } {
  const [kind, ...rest] = args;
  if (kind === undefined || kind === '--help' || kind === '-h' || kind === 'help')
    return { kind: 'help', text: help() };
  if (!isCommand(kind)) {
    throw new UsageError(`There is no command ${kind}. The commands are: ${Object.keys(commands).join(', ')}.`);
  }
  const { schema } = commands[kind];
  const options = Object.entries(schema.shape).map(([key, value]) => [
    optionOf(key),
    { type: value === flag ? ('boolean' as const) : ('string' as const) },
  ]);
  let values: Record<string, unknown>;
  try {
    ({ values } = parseArgs({
      args: rest,
      options: { ...(Object.fromEntries(options) as Record<string, { type: 'string' }>), help: { type: 'boolean' } },
    }));
  } catch (error) {
    throw new UsageError((error as Error).message, kind);
  }
  if (values.help === true) return { kind: 'help', text: helpOf(kind) };
  const given = Object.fromEntries(Object.entries(values).map(([name, value]) => [keyOf(name), value]));
  const parsed = schema.safeParse(given);
  if (!parsed.success) throw new UsageError(parsed.error.issues.map(wordsOf(given)).join('\n'), kind);
  return { kind, ...parsed.data } as Command;
}

function isCommand(kind: string): kind is keyof Commands {
  return Object.hasOwn(commands, kind);
}

/** `looksAfter` is typed as `looks-after`. */
function optionOf(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

function keyOf(option: string): string {
  return option.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

function wordsOf(given: Record<string, unknown>) {
  return (issue: z.core.$ZodIssue): string => {
    const key = String(issue.path[0]);
    const option = `--${optionOf(key)}`;
    if (issue.code === 'invalid_type' && given[key] === undefined) return `${option} is missing.`;
    if (issue.code === 'too_small') return `${option} is empty.`;
    if (issue.code === 'too_big') return `${option} is too long: at most ${issue.maximum}.`;
    return `${option}: ${issue.message}.`;
  };
}

function help(): string {
  return [
    'Sets up contact centres, their agents and TVs, on the database of DATABASE_URL, else of DATA_DIR.',
    'A service that runs on the same database meanwhile knows at once.',
    '',
    ...(Object.keys(commands) as (keyof Commands)[]).map(helpOf),
  ].join('\n');
}

function helpOf(kind: keyof Commands): string {
  const { usage, does } = commands[kind];
  return `  npm run provision -- ${`${kind} ${usage}`.trim()}\n      ${does}\n`;
}
