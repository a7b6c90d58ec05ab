/** How a new password gets in: typed on a terminal that does not show it, or read from what is piped in. */
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { Writable } from 'node:stream';

/** Characters; the upper bound is what signing in takes. */
const SHORTEST = 12;
const LONGEST = 200;

/**
 * Asks twice on a terminal; elsewhere takes the whole of the input, without the end of its line.
 * @param output where the questions appear
 * @throws Error when it is too short or long, not the same twice, or was given up
 */
export async function enterPassword(
  input: NodeJS.ReadableStream & { isTTY?: boolean },
  output: NodeJS.WritableStream,
): Promise<string> {
  if (input.isTTY !== true) return checked((await text(input)).replace(/\r?\n$/, ''));
  // readline shows what is typed on its output: that one swallows it.
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const terminal = createInterface({ input, output: nowhere, terminal: true });
  const ask = (question: string) =>
    new Promise<string>((resolve, reject) => {
      const givenUp = () => reject(new Error('No password was entered. Nothing was changed.'));
      terminal.once('SIGINT', givenUp);
      terminal.once('close', givenUp);
      terminal.question('', (answer) => {
        terminal.off('SIGINT', givenUp);
        terminal.off('close', givenUp);
        resolve(answer);
      });
      output.write(question);
    }).finally(() => output.write('\n'));
  try {
    const password = checked(await ask(`Password, ${SHORTEST} characters or more (it is not shown): `));
    if ((await ask('The same again: ')) !== password) {
      throw new Error('The two passwords are not the same. Nothing was changed.');
    }
    return password;
  } finally {
    terminal.close();
  }
}

function checked(password: string): string {
  const { length } = password;
  if (length < SHORTEST) {
    throw new Error(`The password has ${length} characters. Choose one of ${SHORTEST} or more.`);
  }
  if (length > LONGEST) {
    throw new Error(`The password has ${length} characters. Choose one of at most ${LONGEST}.`);
  }
  if (/[\r\n]/.test(password)) throw new Error('The password has several lines. Give it in one.');
  return password;
}
