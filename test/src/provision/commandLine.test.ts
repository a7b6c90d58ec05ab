import { describe, expect, it } from 'vitest';
import { readCommand, UsageError } from '../../../src/provision/commandLine.ts';

const read = (line: string) => readCommand(line.split(' ').filter((word) => word !== ''));
const agent = 'agent --centre northlight --name Sam --email sam@northlight.example';

describe('the command line', () => {
  it('[M24] fills in what was left out', () => {
    expect(read(agent)).toEqual({
      kind: 'agent',
      centre: 'northlight',
      name: 'Sam',
      email: 'sam@northlight.example',
      supervisor: false,
      skills: [],
      looksAfter: [],
      capacity: 1,
      generatePassword: false,
    });
    expect(read('queue --centre northlight --name Boxes')).toMatchObject({ operator: '*', model: '*', region: '*' });
  });

  it('[M24] takes lists with commas, each word once', () => {
    const given = read(`${agent} --supervisor --skills boxes,,premium,boxes --looks-after NL-7,NL-8 --capacity 20`);
    expect(given).toMatchObject({
      supervisor: true,
      skills: ['boxes', 'premium'],
      looksAfter: ['NL-7', 'NL-8'],
      capacity: 20,
    });
  });

  it.each([
    ['nonsense', 'There is no command nonsense'],
    ['toString', 'There is no command toString'],
    ['centre', '--name is missing'],
    ['centre --name=', '--name is empty'],
    [`centre --name ${'x'.repeat(81)}`, '--name is too long: at most 80'],
    ['centre --name Northlight TV', 'TV'],
    ['centre --name Northlight --id not/an/id', '--id: letters, digits'],
    [`${agent} --email sam`, '--email: must look like sam@example.com'],
    [`${agent} --capacity 21`, '--capacity: takes a number from 1 to 20'],
    [`${agent} --looks-after ${'x'.repeat(65)}`, '--looks-after is too long'],
    [`${agent} --password river`, '--password'],
    ['queue --centre northlight --name Boxes --model S*B', '--model: may have one *, at the end'],
    ['queue --centre northlight --name Boxes --order 1000', '--order: takes a number from 1 to 999'],
    ['tv --centre northlight --serial 1 --name TV --customer-name Alice', 'needs --customer-reference'],
    ['revoke', '--agent: this or --tv'],
    ['revoke --agent sam@northlight.example --tv SER-1', '--agent: this or --tv'],
    ['revoke --agent sam@northlight.example --new-secret', '--tv: needed with'],
  ])('[M24] names what is not understood: %s', (line, message) => {
    expect(() => read(line)).toThrow(UsageError);
    expect(() => read(line)).toThrow(message);
    expect(() => read(line)).toThrow(/See npm run provision -- .*--help$/);
  });

  it('[M24] has help for all and for each', () => {
    for (const line of ['', '--help', '-h', 'help']) expect(read(line).kind).toBe('help');
    const all = read('--help');
    for (const kind of ['centre', 'queue', 'agent', 'tv', 'list', 'revoke', 'password']) {
      const one = read(`${kind} --help`);
      expect(one).toMatchObject({ kind: 'help', text: expect.stringContaining(`-- ${kind}`) as string });
      expect((all as { text: string }).text).toContain((one as { text: string }).text);
    }
  });
});
