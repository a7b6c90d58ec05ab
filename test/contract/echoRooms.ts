/** What every room of one does, whatever stands behind it. */
import { expect, it } from 'vitest';
import type { Echo, EchoRooms } from '../../src/http/callTries.ts';

/**
 * @param open rooms that work
 * @param answerTo a browser's answer that takes everything
 */
export function echoRoomsContract(open: () => EchoRooms, answerTo: (offer: string) => string): void {
  const opened = async (): Promise<Echo> => {
    const room = await open().open(Date.now() + 60_000);
    if ('missing' in room) throw new Error(room.missing);
    return room.echo;
  };
  const sections = (sdp: string) => [...sdp.matchAll(/^m=(\w+) (\d+)/gm)].map(([, kind]) => kind);

  it('[B8] offers one section of sound and one of pictures; what the browser sends in them comes back', async () => {
    const echo = await opened();
    const offer = await echo.offer(false);
    expect(sections(offer)).toEqual(['audio', 'video']);
    const answered = await echo.answer(answerTo(offer));
    expect('layout' in answered && answered.layout.map(({ participant }) => typeof participant)).toEqual([
      'string',
      'string',
    ]);
    expect(echo.state()).toEqual({ connection: 'nothing', from: null });
    echo.close();
  });

  it('who sends nothing gets nothing back', async () => {
    const echo = await opened();
    const silent = answerTo(await echo.offer(false))
      .replaceAll('a=sendrecv', 'a=recvonly')
      .replaceAll('a=sendonly', 'a=inactive');
    const answered = await echo.answer(silent.replace(/a=ssrc:.*\r\n/g, ''));
    expect('layout' in answered && answered.layout.filter(({ participant }) => participant !== null)).toEqual([]);
    echo.close();
  });

  it('a wrong answer is refused with why, and the offer stands', async () => {
    const echo = await opened();
    const offer = await echo.offer(false);
    for (const wrong of ['nonsense', '', offer.split('m=')[0] ?? '']) {
      expect(await echo.answer(wrong)).toEqual({ refused: expect.stringMatching(/\w{3}.*\./) });
    }
    expect(await echo.answer(answerTo(offer))).toHaveProperty('layout');
    echo.close();
  });

  it('nobody waits for an answer to an offer that another one followed; there is none without an offer', async () => {
    const echo = await opened();
    await echo.offer(false);
    const answer = answerTo(await echo.offer(true));
    expect(await echo.answer(answer)).toHaveProperty('layout');
    expect(await echo.answer(answer)).toEqual({ refused: expect.stringContaining('no offer') });
    echo.close();
  });

  it('is over once it is closed; twice is harmless', async () => {
    const echo = await opened();
    await echo.offer(false);
    expect(echo.over).toBe(false);
    echo.close();
    echo.close();
    expect(echo.over).toBe(true);
    await expect(echo.offer(true)).rejects.toThrow();
    expect(await echo.answer('v=0')).toHaveProperty('refused');
  });
}
