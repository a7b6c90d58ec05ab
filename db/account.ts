/**
 * Whom the embedded Postgres runs as. Postgres refuses to run as root, so root lends it an account
 * without rights: the owner of the data that is there already, else `postgres` if the machine has
 * it, else an account of our own. Everybody else runs it as themselves.
 */
import { execFile } from 'node:child_process';
import { chown, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const OWN_ACCOUNT = 'couchline';

export interface Account {
  uid: number;
  gid: number;
}

/**
 * The account to lend, or null when this process is not root.
 * @param existing the data folder of an earlier start, if there is one
 * @throws Error when this process is not root and the data belongs to somebody else
 */
export async function accountFor(existing: string | null): Promise<Account | null> {
  const owner = existing === null ? null : await stat(existing);
  const uid = process.getuid?.();
  if (uid !== 0) {
    if (owner !== null && uid !== undefined && owner.uid !== uid) {
      throw new Error(
        `The data folder ${existing} belongs to user ${owner.uid}, and this is user ${uid}. ` +
          `Start Couchline as that user or as root, or choose another folder with DATA_DIR.`,
      );
    }
    return null;
  }
  if (owner !== null && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  return (await named('postgres')) ?? (await named(OWN_ACCOUNT)) ?? (await create());
}

/** Makes `path` the account's own; nothing to do where none is lent. */
export async function give(path: string, account: Account | null): Promise<void> {
  if (account !== null) await chown(path, account.uid, account.gid);
}

/**
 * How to run a program as the account: the command line and spawn's options.
 * @param reached the paths that the program must get at
 */
export async function runAs(
  account: Account | null,
  program: string,
  args: string[],
  reached: string[],
): Promise<{ program: string; args: string[]; options: Partial<Account> }> {
  if (account === null) return { program, args, options: {} };
  const open = await Promise.all([program, ...reached].map((path) => isReachable(path, account)));
  if (open.every(Boolean)) return { program, args, options: account };
  // Below /root and the like, nobody else gets through to our own files. Opening somebody's home to
  // all is not ours to do; this one process is let through instead, with that one capability of
  // root's. The secure bit keeps access(2), which Postgres asks about its own binary, truthful.
  const lent = [`--reuid=${account.uid}`, `--regid=${account.gid}`, '--clear-groups', '--securebits=+no_setuid_fixup'];
  const through = ['inh-caps', 'ambient-caps', 'bounding-set'].map((set) => `--${set}=-all,+dac_override`);
  return { program: 'setpriv', args: [...lent, ...through, program, ...args], options: {} };
}

async function isReachable(path: string, account: Account): Promise<boolean> {
  const { mode, uid, gid } = await stat(path);
  const shift = uid === account.uid ? 6 : gid === account.gid ? 3 : 0;
  if (((mode >> shift) & 0o5) !== 0o5) return false;
  const parent = dirname(path);
  return parent === path || (await isReachable(parent, account));
}

async function named(name: string): Promise<Account | null> {
  try {
    const [uid, gid] = await Promise.all([run('id', ['-u', name]), run('id', ['-g', name])]);
    return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
  } catch {
    return null;
  }
}

async function create(): Promise<Account> {
  try {
    await run('useradd', ['--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin', OWN_ACCOUNT]);
  } catch (cause) {
    throw new Error(
      `Postgres does not run as root, and no account could be made for it. ` +
        `Run "useradd --system ${OWN_ACCOUNT}", start Couchline as another user, or give a Postgres with DATABASE_URL.`,
      { cause },
    );
  }
  const account = await named(OWN_ACCOUNT);
  if (account === null) throw new Error(`The account ${OWN_ACCOUNT} was made, but cannot be found.`);
  return account;
}
