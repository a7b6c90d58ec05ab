/**
 * `node test/web/call/try.ts [PORT]`: the call test page and rooms of its own on this machine, for trying
 * out devices and a room by hand. Two tabs with two names meet; nobody is asked who they are, so it listens
 * on loopback only.
 */
import { openCallServer } from '../../support/callServer.ts';
import { startPool } from '../../support/media/roomStage.ts';

const pool = await startPool(1);
const server = await openCallServer(pool, Number(process.argv[2] ?? 8090));
console.log(`Alone, with a tone:   ${server.url}`);
console.log(`In a room, as alice:  ${server.url}?room=harbour&name=alice`);
console.log(`In a room, as bob:    ${server.url}?room=harbour&name=bob`);
console.log('Ctrl-C stops it.');

process.once('SIGINT', () => void server.close().then(() => pool.close()));
