import { lazy, Suspense, useCallback, useEffect, useState } from 'react';
import type { Me } from '../../src/protocol/api.ts';
import type { AgentConnector, AgentState } from '../connector/types.ts';
import { AdminPage } from './admin/AdminPage.tsx';
import { CataloguePage } from './catalogue/CataloguePage.tsx';
import { Offering } from './offer/Offering.tsx';
import { useBehindOffers } from './offer/offered.ts';
import { createRing } from './offer/ring.ts';
import type { Ring } from './offer/ring.ts';
import { SettingsMenu } from './offer/SettingsMenu.tsx';
import { useOfferSettings } from './offer/settings.ts';
import type { OfferSettings } from './offer/settings.ts';
import { PairPage } from './pair/PairPage.tsx';
import { Loading } from './parts/Loading.tsx';
import { messageOf } from './parts/load.ts';
import { NotHere } from './parts/NotHere.tsx';
import { NotLoaded } from './parts/NotLoaded.tsx';
import { useSay } from './parts/Words.tsx';
import { navigate, useRoute } from './router.ts';
import type { DeskApi } from './session/desk-api.ts';
import { Stopped } from './session/Stopped.tsx';
import { ConnectionBar } from './shell/ConnectionBar.tsx';
import { usePanes } from './shell/panes.ts';
import { PresenceMenu } from './shell/PresenceMenu.tsx';
import { QueueFigures } from './shell/QueueFigures.tsx';
import { Rail } from './shell/Rail.tsx';
import { useShortcuts } from './shell/shortcuts.ts';
import { ShortcutsDialog } from './shell/ShortcutsDialog.tsx';
import { TvsPage } from './tvs/TvsPage.tsx';
import { useInvitationEnd } from './tvs/invitation-end.ts';
import { useLostTalk } from './workspace/lost-talk.ts';
import { LiveSource } from './workspace/live.ts';
import { WorkPage } from './workspace/WorkPage.tsx';

/** Seldom opened, and it brings the browser's side of calls along. */
const CallsPage = lazy(() =>
  import('./calls/CallsPage.tsx').then(
    (calls) => ({ default: calls.CallsPage }),
    () => ({ default: NotLoaded }),
  ),
);

interface DeskProps {
  me: Me;
  api: DeskApi;
  connect(): AgentConnector;
  onSessionOver(): void;
  onSignOut(): Promise<void>;
}

/** Holds the one connection of this page, opened anew when the agent asks for it. */
export function Desk(props: DeskProps) {
  const { connect, onSessionOver } = props;
  const [connector, setConnector] = useState<AgentConnector | null>(null);
  const [round, setRound] = useState(0);
  useEffect(() => {
    const opened = connect();
    setConnector(opened);
    return () => opened.close();
  }, [connect, round]);
  if (connector === null) return <Loading />;
  return (
    <Connected {...props} connector={connector} onSessionOver={onSessionOver} onHere={() => setRound(round + 1)} />
  );
}

function Connected(props: DeskProps & { connector: AgentConnector; onHere(): void }) {
  const { me, api, connector, onSessionOver, onSignOut, onHere } = props;
  const state = useBehindOffers(connector);
  const { connection } = state;
  const [settings, changeSettings] = useOfferSettings();
  const [ring] = useState(() => createRing());

  const isOver = connection.kind === 'stopped' && connection.why === 'unauthorized';
  useEffect(() => {
    if (isOver) onSessionOver();
  }, [isOver, onSessionOver]);
  useInvitationEnd(state);
  useLostTalk(state);
  usePanes();

  if (connection.kind === 'stopped') return <Stopped connection={connection} onHere={onHere} />;
  return (
    <>
      <Shell {...{ me, api, connector, state, settings, changeSettings, ring, onSignOut }} />
      <Offering {...{ connector, settings, ring }} />
    </>
  );
}

interface ShellProps extends Pick<DeskProps, 'me' | 'api' | 'onSignOut'> {
  state: AgentState;
  connector: AgentConnector;
  settings: OfferSettings;
  changeSettings(change: Partial<OfferSettings>): void;
  ring: Ring;
}

/** The page with all that stands around it. */
function Shell({ me, api, connector, state, settings, changeSettings, ring, onSignOut }: ShellProps) {
  const { connection, clockOffset } = state;
  const route = useRoute();
  const say = useSay();
  const [keysShown, setKeysShown] = useState(false);
  const [permission, setPermission] = useState(notificationPermission);

  const setPresence = useCallback(
    (wish: { kind: 'ready' } | { kind: 'away'; reason: string }) => {
      connector.setPresence(wish).catch((error: unknown) => {
        say({ tone: 'bad', text: `Your presence did not change. ${messageOf(error)}` });
      });
    },
    [connector, say],
  );
  const beReady = () => setPresence({ kind: 'ready' });
  useShortcuts({ KeyR: beReady, Slash: () => setKeysShown(true) });

  const staleSince = connection.kind === 'offline' ? connection.since : null;
  const presence = state.presence?.presence ?? null;
  return (
    <div className="shell">
      <Rail
        page={route.page}
        isSupervisor={me.roles.includes('supervisor')}
        onKeys={() => setKeysShown(true)}
        onSignOut={() => {
          onSignOut().catch((error: unknown) =>
            say({ tone: 'bad', text: `You are still signed in. ${messageOf(error)}` }),
          );
        }}
      />
      <header className="top" data-pane="">
        <p className="centre">
          <strong>{me.centre.name}</strong> <span className="quiet">{me.name}</span>
        </p>
        <QueueFigures queues={state.queues ?? []} clockOffset={clockOffset} staleSince={staleSince} />
        <SettingsMenu
          settings={settings}
          permission={permission}
          onTry={ring.once}
          onChange={(change) => {
            changeSettings(change);
            if (change.notify === true) void askToNotify().then(setPermission);
          }}
        />
        <PresenceMenu presence={presence} isDisabled={connection.kind !== 'online'} onWish={setPresence} />
      </header>
      <ConnectionBar connection={connection} />
      <main className={staleSince === null ? '' : 'old'}>
        <LiveSource value={connector}>
          <Page {...{ route, state, api, connector, me }} onReady={beReady} />
        </LiveSource>
      </main>
      <ShortcutsDialog isOpen={keysShown} onClose={() => setKeysShown(false)} />
    </div>
  );
}

interface PageProps {
  route: ReturnType<typeof useRoute>;
  state: AgentState;
  api: DeskApi;
  connector: AgentConnector;
  me: Me;
  onReady(): void;
}

function Page({ route, state, api, connector, me, onReady }: PageProps) {
  switch (route.page) {
    case 'work':
      return (
        <WorkPage {...{ state, api, connector, onReady }} agentId={me.agentId} interactionId={route.interactionId} />
      );
    case 'tvs':
      return (
        <TvsPage
          api={api}
          tvId={route.tvId}
          canInvite={state.connection.kind === 'online'}
          onInvite={async (tvId) => {
            const { interactionId } = await connector.invite(tvId);
            navigate({ page: 'work', interactionId });
          }}
        />
      );
    case 'catalogue':
      return <CataloguePage api={api} canEdit={me.roles.includes('supervisor')} entryId={route.entryId} />;
    case 'admin':
      return <AdminPage api={api.admin} isSupervisor={me.roles.includes('supervisor')} place={route.place} />;
    case 'calls':
      return (
        <Suspense fallback={<Loading />}>
          <CallsPage api={api.calls} isSupervisor={me.roles.includes('supervisor')} />
        </Suspense>
      );
    case 'pair':
      return <PairPage key={route.code} api={api} code={route.code} />;
    case 'nowhere':
      return <NotHere title="This page is not there">Check the address, or go on with your work.</NotHere>;
  }
}

function notificationPermission(): NotificationPermission | 'missing' {
  return 'Notification' in window ? Notification.permission : 'missing';
}

async function askToNotify(): Promise<NotificationPermission | 'missing'> {
  return 'Notification' in window ? Notification.requestPermission() : 'missing';
}
