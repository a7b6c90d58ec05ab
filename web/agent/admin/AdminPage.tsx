import { useEffect, useState } from 'react';
import { Button } from 'react-aria-components';
import type { WebhookListed } from '../../../src/protocol/admin.ts';
import { useNow } from '../parts/clock.ts';
import { Icon } from '../parts/Icon.tsx';
import type { IconName } from '../parts/Icon.tsx';
import { ListAndDetail, Rows } from '../parts/ListAndDetail.tsx';
import { Loading } from '../parts/Loading.tsx';
import { useLoad } from '../parts/load.ts';
import { Empty, NotRead } from '../parts/Notice.tsx';
import { navigate } from '../router.ts';
import type { AdminApi } from './admin-api.ts';
import { KeysDetail } from './KeysDetail.tsx';
import { SecretOnce, type Shown } from './SecretOnce.tsx';
import { WebhookDetail } from './WebhookDetail.tsx';
import { WebhookForm } from './WebhookForm.tsx';
import { hostOf, nameOf, standingOf } from './webhook-words.ts';
import type { Standing } from './webhook-words.ts';

/** How deliveries stand is old news soon. */
const READ_EVERY_MS = 10_000;
const NOTHING = { url: '', description: '', eventTypes: [] };
const KEYS = 'keys';

interface Props {
  api: AdminApi;
  isSupervisor: boolean;
  /** A webhook's id, or `keys`. */
  place: string | null;
}

/** The contact centre's own systems: what they are told (webhooks) and by what they ask (API keys). */
export function AdminPage(props: Props) {
  if (props.isSupervisor) return <Administration {...props} />;
  return (
    <div className="narrow">
      <Empty title="For supervisors">Ask a supervisor of your contact centre to connect another system.</Empty>
    </div>
  );
}

function Administration({ api, place }: Props) {
  const { loaded, reload } = useLoad('webhooks', () => api.webhooks());
  const now = useNow(0, 30_000);
  const [adding, setAdding] = useState(false);
  const [shown, setShown] = useState<Shown | null>(null);
  useEffect(() => {
    const timer = setInterval(() => {
      if (!document.hidden) reload();
    }, READ_EVERY_MS);
    return () => clearInterval(timer);
  }, [reload]);
  const webhooks = loaded.kind === 'ready' ? loaded.value : [];
  const chosen = webhooks.find(({ id }) => id === place) ?? null;
  const choose = (to: string | null) => navigate({ page: 'admin', place: to });

  return (
    <>
      <ListAndDetail
        labels={{ list: 'Other systems', detail: 'Details' }}
        head={
          <>
            <h1>Other systems</h1>
            <div className="actions">
              <Button className="button" onPress={() => setAdding(true)}>
                <Icon name="add" />
                Add a webhook
              </Button>
              <Button className="button" aria-pressed={place === KEYS} onPress={() => choose(KEYS)}>
                API keys
              </Button>
            </div>
          </>
        }
        list={
          <>
            {loaded.kind === 'loading' ? <Loading rows={3} again={reload} /> : null}
            {loaded.kind === 'failed' ? <NotRead message={loaded.message} again={reload} /> : null}
            {loaded.kind === 'ready' && webhooks.length === 0 ? (
              <Empty title="No webhooks yet">A webhook tells another system what happens, as it happens.</Empty>
            ) : null}
            {webhooks.length > 0 ? (
              <Rows
                label="Webhooks"
                items={webhooks}
                nameOf={nameOf}
                lineOf={({ url }) => hostOf(url)}
                badgeOf={(webhook) => <StandingBadge webhook={webhook} />}
                chosenId={chosen?.id ?? null}
                onChoose={choose}
              />
            ) : null}
          </>
        }
        detail={
          place === KEYS ? (
            <KeysDetail api={api} now={now} />
          ) : chosen === null ? (
            <Empty title="Choose a webhook">
              How its deliveries stand, and what does not get through, appears here.
            </Empty>
          ) : (
            <WebhookDetail
              key={chosen.id}
              api={api}
              webhook={chosen}
              now={now}
              onChanged={reload}
              onDeleted={() => {
                reload();
                choose(null);
              }}
            />
          )
        }
      />
      <WebhookForm
        title="Add a webhook"
        isOpen={adding}
        from={NOTHING}
        onClose={() => setAdding(false)}
        onSave={async (wish) => {
          const { webhook, secret } = await api.addWebhook(wish);
          reload();
          choose(webhook.id);
          setShown({
            title: 'Signing secret',
            words: `Events to ${nameOf(webhook)} are signed with it. The receiver checks each of them.`,
            secret,
          });
        }}
      />
      <SecretOnce shown={shown} onClose={() => setShown(null)} />
    </>
  );
}

const ICONS: Record<Standing['tone'], IconName> = {
  ok: 'check',
  warn: 'running',
  bad: 'cross',
  off: 'pause',
  info: 'info',
};

function StandingBadge({ webhook }: { webhook: WebhookListed }) {
  const { tone, words } = standingOf(webhook);
  return (
    <span className={`badge ${tone === 'off' ? '' : tone}`}>
      <Icon name={ICONS[tone]} />
      {words}
    </span>
  );
}
