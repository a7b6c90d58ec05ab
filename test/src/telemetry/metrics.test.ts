import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { createMetrics, type Metrics, type Readings } from '../../../src/telemetry/metrics.ts';

const quiet: Readings = {
  connections: () => ({ tv: 3, agent: 2, unregistered: 1, paused: 1 }),
  live: () => ({ relayed: 40, rateLimited: 3, unheard: 1 }),
  waiting: async () => [{ centreId: 'north', queueId: 'help-line', waiting: 4 }],
  overdue: async () => [{ task: 'timer', seconds: 1.5 }],
  undelivered: async () => [{ state: 'dead', interactions: 2, oldestSeconds: 90 }],
};

async function lines(metrics: Metrics): Promise<string[]> {
  return (await metrics.text()).body.split('\n').filter((line) => !line.startsWith('#'));
}

/** One of everything, as a busy minute leaves it. */
function busy(readings = quiet): Metrics {
  const metrics = createMetrics(readings);
  metrics.committed({ commands: 5, interactions: 2, events: 7, ms: 3 });
  metrics.relayed(0.4);
  metrics.command('viewer.answerTask', 'taken', 4);
  metrics.registration('tv', 'accepted');
  metrics.turnedAway('full');
  metrics.closed('slow');
  metrics.messageRefused('rateLimited');
  metrics.paused();
  metrics.delivery('retried', '5xx', 20);
  metrics.eventArrived(300);
  return metrics;
}

describe('metrics', () => {
  it('count what they are told', async () => {
    const said = await lines(busy());
    expect(said).toEqual(
      expect.arrayContaining([
        'couchline_connections{role="tv"} 3',
        'couchline_connections{role="unregistered"} 1',
        'couchline_paused_peers 1',
        'couchline_line_waiting{centre="north",queue="help-line"} 4',
        'couchline_oldest_effect_seconds{task="timer"} 1.5',
        'couchline_commands_total{type="viewer.answerTask",outcome="taken"} 1',
        'couchline_command_seconds_count{type="viewer.answerTask"} 1',
        'couchline_commit_commands_bucket{le="4"} 0',
        'couchline_commit_commands_bucket{le="8"} 1',
        'couchline_commit_seconds_sum 0.003',
        'couchline_events_total 7',
        'couchline_relay_seconds_sum 0.0004',
        'couchline_registrations_total{role="tv",outcome="accepted"} 1',
        'couchline_connections_refused_total{reason="full"} 1',
        'couchline_connections_closed_total{reason="slow"} 1',
        'couchline_messages_refused_total{reason="rateLimited"} 1',
        'couchline_pauses_total 1',
        'couchline_webhook_tries_total{outcome="retried",answer="5xx"} 1',
        'couchline_webhook_answer_seconds_sum{outcome="retried"} 0.02',
        'couchline_webhook_arrival_seconds_bucket{le="0.5"} 1',
        'couchline_webhook_undelivered{state="retrying"} 0',
        'couchline_webhook_undelivered{state="dead"} 2',
        'couchline_webhook_oldest_undelivered_seconds{state="dead"} 90',
        'couchline_live_frames_total{outcome="relayed"} 40',
        'couchline_live_frames_total{outcome="rateLimited"} 3',
      ]),
    );
  });

  it('leave out what the database cannot tell, and say the rest', async () => {
    const away = () => Promise.reject(new Error('the database is away'));
    let answers = true;
    const metrics = busy({
      ...quiet,
      overdue: away,
      undelivered: away,
      waiting: async () => (answers ? await quiet.waiting() : await away()),
    });
    expect(await lines(metrics)).toContain('couchline_line_waiting{centre="north",queue="help-line"} 4');
    answers = false;
    const said = await lines(metrics);
    expect(said.filter((line) => /line_waiting|oldest_effect|undelivered/.test(line))).toEqual([]);
    expect(said).toContain('couchline_connections{role="tv"} 3');
  });

  it('every one that the dashboard shows is there', async () => {
    const dashboard = await readFile(new URL('../../../docs/grafana.json', import.meta.url), 'utf8');
    const { panels } = JSON.parse(dashboard) as { panels: { title: string; targets?: { expr: string }[] }[] };
    const shown = panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));
    const names = new Set(shown.flatMap((expr) => expr.match(/\b(couchline|nodejs|process)_[a-z_]+/g) ?? []));
    const there = new Set((await lines(busy())).map((line) => /^[a-z_]+/.exec(line)?.[0]));
    expect(names.size).toBeGreaterThan(12);
    expect([...names].filter((name) => !there.has(name))).toEqual([]);
    const ours = [...there].filter((name) => name?.startsWith('couchline_') && !/_(sum|count|bucket)$/.test(name));
    expect(ours.filter((name) => name !== undefined && !names.has(name))).toEqual([]);
  });
});
