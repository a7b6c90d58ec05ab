import { useState } from 'react';
import { Button } from 'react-aria-components';
import type { WebhookListed } from '../../../src/protocol/admin.ts';
import { useNow } from '../parts/clock.ts';
import { Icon } from '../parts/Icon.tsx';
import type { IconName } from '../parts/Icon.tsx';
import { ListAndDetail, Rows } from '../parts/ListAndDetail.tsx';
import { useLoad, useReadAgain } from '../parts/load.ts';
import { Empty } from '../parts/Notice.tsx';
import { Read } from '../parts/Read.tsx';
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
  const list = useLoad('webhooks', () => api.webhooks());
  const { loaded, reload } = list;
  const now = useNow(0, 30_000);
  const [adding, setAdding] = useState(false);
  const [shown, setShown] = useState<Shown | null>(null);
  useReadAgain(reload, READ_EVERY_MS);
  const chosen = loaded.kind === 'ready' ? (loaded.value.find(({ id }) => id === place) ?? null) : null;
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
          <Read from={list}>
            {(webhooks) =>
              webhooks.length === 0 ? (
                <Empty title="No webhooks yet">A webhook tells another system what happens, as it happens.</Empty>
              ) : (
                <Rows
                  label="Webhooks"
                  items={webhooks}
                  nameOf={nameOf}
                  lineOf={({ url }) => hostOf(url)}
                  badgeOf={(webhook) => <StandingBadge webhook={webhook} />}
                  chosenId={chosen?.id ?? null}
                  onChoose={choose}
                />
              )
            }
          </Read>
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
      {adding ? (
        <WebhookForm
          title="Add a webhook"
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
      ) : null}
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
