/** The stage of a connector's tests: a scripted service, and a TV of its own for whoever wants one. */
import { afterEach, beforeEach, vi } from 'vitest';
import { createTvConnector } from '../../../web/connector/tv.ts';
import type { TvConnector, TvConnectorOptions, TvState } from '../../../web/connector/types.ts';
import { room, shelf, startService, type Room, type Service } from './service.ts';

/** What the TV in the living room proves itself by. */
export const provisioned = { serial: 'LR-1', secret: 'a-secret-of-sixteen' };

export interface Stage {
  /** The service of the test that runs. */
  readonly service: Service;
  /** The TV in the living room, closed with its test. */
  livingRoomTv(changes?: Partial<TvConnectorOptions>, around?: Room): TvConnector;
  /** Closes a connector, of whatever face, with its test. */
  closeLater<T extends { close(): void }>(connector: T): T;
}

/** For the top of a test file: a service for each of its tests, and real timers again after it. */
export function setStage(): Stage {
  let service: Service;
  let connectors: { close(): void }[] = [];
  beforeEach(async () => {
    service = await startService();
  });
  afterEach(async () => {
    vi.useRealTimers();
    for (const connector of connectors) connector.close();
    connectors = [];
    await service.stop();
  });
  const stage: Stage = {
    get service() {
      return service;
    },
    livingRoomTv(changes = {}, around = room()) {
      const usual = { url: service.url, credentials: provisioned, told: { model: 'X40' }, storage: shelf() };
      return stage.closeLater(createTvConnector({ ...usual, ...changes }, around));
    },
    closeLater(connector) {
      connectors.push(connector);
      return connector;
    },
  };
  return stage;
}

export const online = (state: TvState): boolean => state.connection.kind === 'online';
export const offline = (state: TvState): boolean => state.connection.kind === 'offline';
export const stopped = (state: TvState): boolean => state.connection.kind === 'stopped';

/** Lets sockets work while timers stand still. */
export const io = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** From here until the test's end time passes by `vi.advanceTimersByTimeAsync` alone; sockets work. */
export function fakeTimers(): void {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date'] });
}
