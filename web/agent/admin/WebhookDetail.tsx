import { useState } from 'react';
import { Button } from 'react-aria-components';
import type { WebhookListed, WebhookTrouble } from '../../../src/protocol/admin.ts';
import { BusyButton } from '../parts/BusyButton.tsx';
import { ConfirmDialog } from '../parts/ConfirmDialog.tsx';
import { Fact } from '../parts/Fact.tsx';
import { Icon } from '../parts/Icon.tsx';
import { Detail } from '../parts/ListAndDetail.tsx';
import { messageOf, useLoad } from '../parts/load.ts';
import { Empty, Notice } from '../parts/Notice.tsx';
import { Read } from '../parts/Read.tsx';
import { count, dayAndTime } from '../parts/time.ts';
import { useSay } from '../parts/Words.tsx';
import type { AdminApi } from './admin-api.ts';
import { SecretOnce, type Shown } from './SecretOnce.tsx';
import { WebhookForm } from './WebhookForm.tsx';
import { droppedInWords, eventsInWords, lossInWords, nameOf, troubleInWords } from './webhook-words.ts';

interface Props {
  api: AdminApi;
  webhook: WebhookListed;
  now: number;
  /** Something changed: the list is read again. */
  onChanged(): void;
  /** It is no more. */
  onDeleted(): void;
}

type Doing = 'test' | 'switch' | 'secret' | 'replayAll' | `replay ${string}`;

/** One webhook: what it is, how its deliveries stand, and what can be done about it. */
export function WebhookDetail({ api, webhook, now, onChanged, onDeleted }: Props) {
  const say = useSay();
  const [doing, setDoing] = useState<Doing | null>(null);
  const [editing, setEditing] = useState(false);
  const [deleting, setDeleting] = useState(false);
  const [shown, setShown] = useState<Shown | null>(null);
  const [tested, setTested] = useState<{ delivered: boolean; said: string } | null>(null);
  // Deliveries go on while somebody looks: the figures of the list tell when to read again.
  const { dead, retrying, lastDeliveredAt } = webhook.health;
  const troubles = useLoad(`${webhook.id} ${dead} ${retrying}`, () => api.troubles(webhook.id));

  const run = async (what: Doing, not: string, act: () => Promise<void>) => {
    if (doing !== null) return;
    setDoing(what);
    try {
      await act();
    } catch (error) {
      say({ tone: 'bad', text: `${not} ${messageOf(error)}` });
    }
    setDoing(null);
  };
  const test = () => run('test', 'Not sent.', async () => setTested(await api.test(webhook.id)));
  const toggle = () =>
    run('switch', webhook.active ? 'Not turned off.' : 'Not turned on.', async () => {
      await (webhook.active ? api.turnOff(webhook.id) : api.turnOn(webhook.id));
      onChanged();
      say({
        tone: 'ok',
        text: webhook.active
          ? `${nameOf(webhook)} is off. What happens meanwhile is kept for it.`
          : `${nameOf(webhook)} is on. What happened meanwhile is sent now.`,
      });
    });
  const renew = () =>
    run('secret', 'No new secret was made.', async () => {
      const { secret } = await api.newSecret(webhook.id);
      onChanged();
      setShown({
        title: 'New signing secret',
        words: 'For 24 hours events are signed with the old one as well: give this one to the receiver until then.',
        secret,
      });
    });
  const replay = (interactionId: string | null) =>
    run(interactionId === null ? 'replayAll' : `replay ${interactionId}`, 'Not replayed.', async () => {
      const { replayed } = await api.replay(webhook.id, interactionId);
      troubles.reload();
      onChanged();
      say({ tone: 'ok', text: `Sending again: ${count(replayed, 'interaction')}.` });
    });

  return (
    <Detail title={nameOf(webhook)}>
      {webhook.disabled === null ? null : (
        <Notice tone="warn">
          Off since {dayAndTime(webhook.disabled.at, now)}. {webhook.disabled.reason} What happens meanwhile is kept.
        </Notice>
      )}
      <dl className="facts wide">
        <Fact label="Address" value={webhook.url} isId />
        <Fact label="Sends" value={eventsInWords(webhook)} />
        <Fact
          label="Last arrived"
          value={lastDeliveredAt === null ? 'Nothing yet' : dayAndTime(lastDeliveredAt, now)}
        />
        <Fact label="Added" value={`${webhook.created.by}, ${dayAndTime(webhook.created.at, now)}`} />
        <Fact label="Changed" value={`${webhook.changed.by}, ${dayAndTime(webhook.changed.at, now)}`} />
        {webhook.oldSecretUntil === null ? null : (
          <Fact label="Old secret" value={`counts until ${dayAndTime(webhook.oldSecretUntil, now)}`} />
        )}
      </dl>
      <div className="actions">
        <BusyButton className="button primary" isBusy={doing === 'test'} onPress={() => void test()}>
          Send a test event
        </BusyButton>
        <Button className="button" onPress={() => setEditing(true)}>
          Edit
        </Button>
        <BusyButton className="button" isBusy={doing === 'secret'} onPress={() => void renew()}>
          Make a new secret
        </BusyButton>
        <BusyButton className="button" isBusy={doing === 'switch'} onPress={() => void toggle()}>
          {webhook.active ? 'Turn off' : 'Turn on'}
        </BusyButton>
        <Button className="button" onPress={() => setDeleting(true)}>
          Delete
        </Button>
      </div>
      {tested === null ? null : (
        <Notice tone={tested.delivered ? 'ok' : 'bad'} role={tested.delivered ? 'status' : 'alert'}>
          {tested.delivered ? 'The test event arrived.' : 'The test event did not arrive.'} {tested.said}
        </Notice>
      )}
      <div className="troubles-head">
        <h3>What does not get through</h3>
        {dead > 0 ? (
          <BusyButton className="button" isBusy={doing === 'replayAll'} onPress={() => void replay(null)}>
            Replay all that stopped
          </BusyButton>
        ) : null}
      </div>
      <Read from={troubles} rows={2}>
        {(all) =>
          all.length === 0 ? (
            <Empty title="Everything gets through">
              Events that the receiver does not take wait here, with the reason. They are tried twelve times over about
              a day.
            </Empty>
          ) : (
            <ul className="troubles">
              {all.map((trouble) => (
                <Trouble
                  key={trouble.interactionId}
                  trouble={trouble}
                  now={now}
                  isBusy={doing === `replay ${trouble.interactionId}`}
                  onReplay={() => void replay(trouble.interactionId)}
                />
              ))}
            </ul>
          )
        }
      </Read>
      {editing ? (
        <WebhookForm
          title="Edit webhook"
          from={webhook}
          onClose={() => setEditing(false)}
          onSave={async (wish) => {
            await api.changeWebhook(webhook.id, wish);
            onChanged();
          }}
        />
      ) : null}
      <ConfirmDialog
        title={`Delete ${nameOf(webhook)}`}
        isOpen={deleting}
        verb="Delete"
        not="Not deleted."
        onClose={() => setDeleting(false)}
        onConfirm={async () => {
          const { dropped } = await api.deleteWebhook(webhook.id);
          say({ tone: 'ok', text: `Deleted: ${nameOf(webhook)}. ${droppedInWords(dropped)}` });
          onDeleted();
        }}
      >
        <p>{lossInWords(webhook)}</p>
        <p>
          This cannot be undone.
          {webhook.active ? ' Turned off instead, it keeps what happens for when it is turned on again.' : ''}
        </p>
      </ConfirmDialog>
      <SecretOnce shown={shown} onClose={() => setShown(null)} />
    </Detail>
  );
}

function Trouble(props: { trouble: WebhookTrouble; now: number; isBusy: boolean; onReplay(): void }) {
  const { trouble, now } = props;
  const { state, lastError, nextTryAt, replayed } = trouble;
  return (
    <li className="card trouble">
      <div className="row-body">
        <div className="row-main">
          <strong>{trouble.tvName}</strong>
          <span className="id quiet small">{trouble.interactionId}</span>
        </div>
        <span className={`badge ${state === 'dead' ? 'bad' : 'warn'}`}>
          <Icon name={state === 'dead' ? 'cross' : 'running'} />
          {state === 'dead' ? 'Stopped' : 'Trying again'}
        </span>
      </div>
      <p>
        {troubleInWords(trouble)} {lastError.message} <span className="quiet">{dayAndTime(lastError.at, now)}</span>
      </p>
      <p className="quiet small">
        {nextTryAt === null ? 'It is not tried again by itself.' : `Next try ${dayAndTime(nextTryAt, now)}.`}
        {replayed === null ? '' : ` Replayed by ${replayed.by}, ${dayAndTime(replayed.at, now)}.`}
      </p>
      <div className="actions">
        <BusyButton
          className="button"
          isBusy={props.isBusy}
          onPress={props.onReplay}
          aria-label={`Replay ${trouble.tvName}, ${trouble.interactionId}`}
        >
          Replay
        </BusyButton>
      </div>
    </li>
  );
}
