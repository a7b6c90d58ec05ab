/** Errors of the database bring rows along; the log takes the fault and leaves the people. */
import { spawn } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { createLog, gathered, serializeError } from '../../../src/telemetry/log.ts';

const alice = 'Alice Ward, 12 Harbour Street, +447700900123';

describe('the log', () => {
  it('[M24] tells of an error its name, code, constraint and cause, and nothing of the row it was about', () => {
    const cause = Object.assign(new Error('duplicate key value violates unique constraint'), {
      name: 'error',
      code: '23505',
      constraint: 'customers_reference',
      detail: `Key (name)=(${alice}) already exists.`,
      where: `COPY customers, line 1: ${alice}`,
    });
    const said = serializeError(new Error('This was not kept.', { cause }));
    expect(said).toMatchObject({
      message: 'This was not kept.',
      stack: expect.stringContaining('log.test.ts'),
      cause: { type: 'error', code: '23505', constraint: 'customers_reference' },
    });
    expect(JSON.stringify(said)).not.toContain('Alice');
  });

  it('[M24] something thrown that is no error is not repeated', () => {
    expect(JSON.stringify(serializeError({ name: alice }))).not.toContain('Alice');
  });

  it('writes JSON lines with what it was given beside the error', () => {
    const lines: string[] = [];
    const log = createLog('info', { write: (line) => void lines.push(line) });
    log.error({ err: new Error('no'), interaction: 'i-1' }, 'a request was not answered');
    log.debug('not at this level');
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ interaction: 'i-1', err: { message: 'no' } });
  });

  it('lines of one turn are written in one piece, in their order, and none waits for the next turn', async () => {
    const pieces: string[] = [];
    const log = createLog('info', gathered({ write: (piece) => void pieces.push(piece) }));
    log.info('first');
    log.error('second');
    expect(pieces).toEqual([]);
    await new Promise((resolve) => setImmediate(resolve));
    log.info('third');
    await new Promise((resolve) => setImmediate(resolve));
    const said = pieces.map((piece) =>
      piece
        .trim()
        .split('\n')
        .map((line) => (JSON.parse(line) as { msg: string }).msg),
    );
    expect(said).toEqual([['first', 'second'], ['third']]);
  });

  it('the last words of a process are written, however it ends', async () => {
    const script = `
      import { createLog } from ${JSON.stringify(new URL('../../../src/telemetry/log.ts', import.meta.url).href)};
      createLog('info').info('the last words');
      HOW`;
    for (const how of ['process.exit(3)', 'throw new Error("no")']) {
      const child = spawn(process.execPath, ['--input-type=module', '-e', script.replace('HOW', how)], {
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      const said = await child.stdout.setEncoding('utf8').toArray();
      expect(said.join('')).toContain('the last words');
    }
  });
});
