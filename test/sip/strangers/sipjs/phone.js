/**
 * Phones made of SIP.js, as a page that a test drives: `phone(name)` has what a person would do.
 * Plain JavaScript: it is served as it stands, beside SIP.js's own files.
 */
import { Inviter, Registerer, RegistererState, SessionState, UserAgent } from 'sip.js';

/** @type {Map<string, ReturnType<typeof make>>} */
const phones = new Map();

/** Waits until an emitter of SIP.js is in a state. */
function until(thing, state) {
  if (thing.state === state) return Promise.resolve();
  return new Promise((done) => thing.stateChange.addListener((now) => now === state && done()));
}

function make(name, password) {
  const invited = [];
  const waiting = [];
  const agent = new UserAgent({
    uri: UserAgent.makeURI(`sip:${name}@couchline.example`),
    transportOptions: { server: `ws://${location.host}/` },
    authorizationUsername: name,
    authorizationPassword: password,
    logLevel: 'error',
    // Nobody is asked for an address: both ends are here.
    sessionDescriptionHandlerFactoryOptions: { peerConnectionConfiguration: { iceServers: [] } },
    delegate: {
      onInvite(invitation) {
        const next = waiting.shift();
        if (next === undefined) invited.push(invitation);
        else next(invitation);
      },
    },
  });
  const registerer = new Registerer(agent, { expires: 120 });
  let session;

  return {
    /** Connects and registers; says whether the registrar took it. */
    async register() {
      await agent.start();
      const answered = new Promise((done) => {
        void registerer.register({
          requestDelegate: { onAccept: () => done(true), onReject: () => done(false) },
        });
      });
      return (await answered) && until(registerer, RegistererState.Registered).then(() => true);
    },
    /** Calls and waits for the answer. */
    async call(who) {
      session = new Inviter(agent, UserAgent.makeURI(`sip:${who}@couchline.example`));
      const established = until(session, SessionState.Established);
      await session.invite();
      await established;
    },
    /** Waits for a call and takes it. */
    async answer() {
      session = invited.shift() ?? (await new Promise((done) => waiting.push(done)));
      const established = until(session, SessionState.Established);
      await session.accept();
      await established;
    },
    /** Puts the call on hold, or takes it back, by a re-INVITE; resolves with its status. */
    async hold(on) {
      const answered = new Promise((done) => {
        void session.invite({
          sessionDescriptionHandlerOptions: { hold: on },
          sessionDescriptionHandlerModifiers: on
            ? [async (sdp) => ({ ...sdp, sdp: sdp.sdp.replaceAll('a=sendrecv', 'a=sendonly'), type: sdp.type })]
            : [],
          requestDelegate: {
            onAccept: ({ message }) => done(message.statusCode),
            onReject: ({ message }) => done(message.statusCode),
          },
        });
      });
      return answered;
    },
    /** Sends the other side on to somebody; resolves with what the first NOTIFY says of it. */
    async refer(who) {
      const notified = new Promise((done) => {
        void session.refer(UserAgent.makeURI(`sip:${who}@couchline.example`), {
          onNotify(notification) {
            void notification.accept();
            done(notification.request.body);
          },
        });
      });
      return notified;
    },
    async hangUp() {
      const ended = until(session, SessionState.Terminated);
      await session.bye();
      await ended;
    },
    /** Waits until the other side has hung up. */
    ended: () => until(session, SessionState.Terminated),
    /** Resolves once sound has come in: RTP packets, counted by the browser. */
    async hears() {
      const { peerConnection } = session.sessionDescriptionHandler;
      for (;;) {
        const reports = [...(await peerConnection.getStats()).values()];
        const inbound = reports.find(({ type, kind }) => type === 'inbound-rtp' && kind === 'audio');
        if ((inbound?.packetsReceived ?? 0) > 10) return inbound.packetsReceived;
        await new Promise((done) => setTimeout(done, 50));
      }
    },
  };
}

/** The phone of that name, made the first time it is asked for. */
window.phone = (name, password = 'wonderland') => {
  if (!phones.has(name)) phones.set(name, make(name, password));
  return phones.get(name);
};
document.title = 'ready';
