import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { createMetrics, type Metrics, type Readings } from '../../../src/telemetry/metrics.ts';

const quiet: Readings = {
  connections: () => ({ tv: 3, agent: 2, unregistered: 1, paused: 1 }),
  live: () => ({ relayed: 40, rateLimited: 3, unheard: 1 }),
  waiting: async () => [{ centreId: 'north', queueId: 'help-line', waiting: 4 }],
  overdue: async () => [{ task: 'timer', seconds: 1.5 }],
  undelivered: async () => [{ state: 'dead', interactions: 2, oldestSeconds: 90 }],
  media: {
    figures: () => ({
      workersWanted: 2,
      workers: [{ slot: 1, cpu: 0.25, memory: 14_000_000 }],
      rooms: 3,
      legs: { webrtc: 5, rtp: 1 },
    }),
    edgeCounts: async () => ({ forwarded: 900, strangers: 7 }),
  },
};

/** A browser's leg that is heard well and seen badly, and gets nothing. */
const quality = {
  received: {
    audio: { packets: 250, loss: 0, jitterMs: 4, mos: 4.41 },
    video: { packets: 600, loss: 0.15, jitterMs: 60, mos: null },
  },
  sent: { audio: { packets: 0, loss: 0, jitterMs: 0, mos: null }, video: null },
  roundTripMs: 40,
  levelDbov: -26,
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
  metrics.media.quality('webrtc', quality);
  metrics.media.legTrouble('rtp', 'silent');
  metrics.media.workerDied();
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

  it('[M21] tell how good media are by the kind of leg, and never name one', async () => {
    const said = await lines(busy());
    expect(said).toEqual(
      expect.arrayContaining([
        'couchline_media_workers{state="wanted"} 2',
        'couchline_media_workers{state="running"} 1',
        'couchline_media_worker_cpu{worker="1"} 0.25',
        'couchline_media_worker_memory_bytes{worker="1"} 14000000',
        'couchline_media_rooms 3',
        'couchline_media_legs{leg="browser"} 5',
        'couchline_media_legs{leg="telephone"} 1',
        'couchline_media_edge_datagrams_total{outcome="strangers"} 7',
        'couchline_media_packets_total{leg="browser",direction="received",media="audio"} 250',
        'couchline_media_loss_ratio_bucket{le="0.1",leg="browser",direction="received",media="video"} 0',
        'couchline_media_loss_ratio_bucket{le="0.2",leg="browser",direction="received",media="video"} 1',
        'couchline_media_jitter_seconds_sum{leg="browser",direction="received",media="video"} 0.06',
        'couchline_media_mos_bucket{le="4.3",leg="browser",direction="received"} 0',
        'couchline_media_mos_bucket{le="4.5",leg="browser",direction="received"} 1',
        'couchline_media_round_trip_seconds_sum{leg="browser"} 0.04',
        'couchline_media_level_dbov_bucket{le="-30",leg="browser"} 0',
        'couchline_media_level_dbov_bucket{le="-20",leg="browser"} 1',
        'couchline_media_leg_troubles_total{leg="telephone",trouble="silent"} 1',
        'couchline_media_worker_deaths_total 1',
        'couchline_media_worker_failed_starts_total 0',
      ]),
    );
    // Where no packet went, nothing was measured.
    expect(said.filter((line) => line.includes('direction="sent"'))).toEqual([]);
  });

  it('tell nothing of telephones while there was none, and of media nothing when their thread is gone', async () => {
    const strangers = async (edgeCounts: Readings['media']['edgeCounts']) =>
      (await lines(busy({ ...quiet, media: { ...quiet.media, edgeCounts } }))).filter((line) => /edge_data/.test(line));
    expect(await strangers(async () => null)).toEqual([]);
    expect(await strangers(() => Promise.reject(new Error('the thread is gone')))).toEqual([]);
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
