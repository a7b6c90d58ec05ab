import { afterAll, beforeAll, describe, it } from 'vitest';
import { startRoomStage, type RoomStage } from '../support/media/roomStage.ts';

describe('browsers in a room', () => {
  let stage: RoomStage;
  beforeAll(async () => {
    stage = await startRoomStage();
  });
  afterAll(() => stage.close());

  it('[M4] [M21] the TV in the living room and Sam hear and see each other', async () => {
    const room = await stage.openRoom();
    const tv = await stage.join(room, 'tv', 440);
    const sam = await stage.join(room, 'sam', 1000);
    await Promise.all([tv.hears(1000), sam.hears(440), tv.sees('sam'), sam.sees('tv')]);
    tv.leg.close();
    sam.leg.close();
    room.close();
  });
});
