import { describe, expect, it } from 'vitest';
import type { TaskStatus } from '../../../../src/interaction/interaction.ts';
import { factLabel, factsLine, factValue } from '../../../../web/agent/workspace/fact-words.ts';
import { howWeKnow, statusWords } from '../../../../web/agent/workspace/task-words.ts';

const ALL: TaskStatus[] = [
  'todo',
  'checking',
  'verified',
  'claimed',
  'failed',
  'notHelped',
  'cannot',
  'answered',
  'withdrawn',
];
const task = { id: 't', title: 'Unplug the TV', diagnosisId: 'd' };

describe('how a task stands', () => {
  it('has a word of its own for each status, and verified, claimed and failed have icons of their own [B3]', () => {
    expect(new Set(ALL.map((status) => statusWords(status).word)).size).toBe(ALL.length);
    const three = (['verified', 'claimed', 'failed'] as const).map((status) => statusWords(status).icon);
    expect(new Set(three).size).toBe(3);
  });

  it('says how we know: the evidence, the choice, or that nothing was checked', () => {
    expect(howWeKnow({ ...task, status: 'verified', evidence: '12 s of picture.' })).toBe(
      'The TV checked: the fault is gone. 12 s of picture.',
    );
    expect(howWeKnow({ ...task, status: 'answered', choice: 'No' })).toBe('The viewer answered: “No”.');
    expect(howWeKnow({ ...task, status: 'claimed' })).toBe('The viewer says it works. There is no check.');
    expect(howWeKnow({ ...task, status: 'claimed', check: { kind: 'network' } })).toBe(
      'The viewer says it works. The TV could not check.',
    );
  });
});

describe('facts in words', () => {
  it('has units and true minus signs for what is known, and says the rest as it was told', () => {
    expect(factValue('rssi', -81)).toBe('−81 dBm');
    expect(factLabel('dnsFailures_total')).toBe('Dns failures total');
    expect(factValue('odd', true)).toBe('yes');
    expect(factsLine({ stalls: 6, rssi: -81, httpStatus: 404 })).toBe(
      'Stalls 6, Wi-Fi signal −81 dBm, HTTP status 404',
    );
    expect(factsLine({})).toBe('');
  });

  it('is not led astray by names that objects have anyway', () => {
    expect(factLabel('constructor')).toBe('Constructor');
    expect(factValue('toString', 3)).toBe('3');
  });
});
