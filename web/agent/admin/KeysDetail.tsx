import { useState } from 'react';
import { Button } from 'react-aria-components';
import type { ApiKeyListed } from '../../../src/protocol/admin.ts';
import { API_SCOPES } from '../../../src/protocol/apiScopes.ts';
import type { ApiScope } from '../../../src/protocol/apiScopes.ts';
import { AppDialog } from '../parts/AppDialog.tsx';
import { ConfirmDialog } from '../parts/ConfirmDialog.tsx';
import { Field } from '../parts/Field.tsx';
import { Icon } from '../parts/Icon.tsx';
import { Loading } from '../parts/Loading.tsx';
import { useLoad } from '../parts/load.ts';
import { Empty, Notice } from '../parts/Notice.tsx';
import { SubmitForm } from '../parts/SubmitForm.tsx';
import { TickList } from '../parts/TickList.tsx';
import { dayAndTime } from '../parts/time.ts';
import { useSay } from '../parts/Words.tsx';
import { required } from '../tasks/task-form.ts';
import type { AdminApi } from './admin-api.ts';
import { SecretOnce, type Shown } from './SecretOnce.tsx';

const SCOPES = Object.entries(API_SCOPES) as [ApiScope, string][];

/** Keys by which other systems ask: made, shown once, revoked. */
export function KeysDetail({ api, now }: { api: AdminApi; now: number }) {
  const say = useSay();
  const { loaded, reload } = useLoad('keys', () => api.keys());
  const [creating, setCreating] = useState(false);
  const [revoking, setRevoking] = useState<ApiKeyListed | null>(null);
  const [shown, setShown] = useState<Shown | null>(null);
  return (
    <div className="scroll detail" tabIndex={0} role="group" aria-label="API keys">
      <h2>API keys</h2>
      <p className="quiet">
        With a key another system asks for help for a TV, speaks in an interaction and reads what happened. How, stands
        in the{' '}
        <a href="/docs" target="_blank" rel="noreferrer">
          HTTP API
        </a>
        .
      </p>
      <div className="actions">
        <Button className="button primary" onPress={() => setCreating(true)}>
          Create a key
        </Button>
      </div>
      {loaded.kind === 'loading' ? <Loading rows={3} again={reload} /> : null}
      {loaded.kind === 'failed' ? <Notice tone="bad">{loaded.message}</Notice> : null}
      {loaded.kind === 'ready' && loaded.value.length === 0 ? (
        <Empty title="No keys yet">Each system gets a key of its own, so that one can be revoked alone.</Empty>
      ) : null}
      {loaded.kind === 'ready' && loaded.value.length > 0 ? (
        <ul className="troubles">
          {loaded.value.map((key) => (
            <Key key={key.id} listed={key} now={now} onRevoke={() => setRevoking(key)} />
          ))}
        </ul>
      ) : null}
      <AppDialog title="Create a key" isOpen={creating} onClose={() => setCreating(false)}>
        <CreateForm
          onCancel={() => setCreating(false)}
          onCreate={async (name, scopes) => {
            const { key } = await api.createKey(name, scopes);
            reload();
            setCreating(false);
            setShown({
              title: `Key for ${name}`,
              words: 'The other system sends it with each request, as “Authorization: Bearer” and the key.',
              secret: key,
            });
          }}
        />
      </AppDialog>
      <ConfirmDialog
        title={`Revoke ${revoking?.name ?? ''}`}
        isOpen={revoking !== null}
        verb="Revoke"
        not="Not revoked."
        onClose={() => setRevoking(null)}
        onConfirm={async () => {
          if (revoking === null) return;
          await api.revokeKey(revoking.id);
          reload();
          setRevoking(null);
          say({ tone: 'ok', text: `Revoked: ${revoking.name}. It works no more.` });
        }}
      >
        <p>The system that uses it is refused from then on. This cannot be undone; a new key can be created.</p>
      </ConfirmDialog>
      <SecretOnce shown={shown} onClose={() => setShown(null)} />
    </div>
  );
}

function Key({ listed, now, onRevoke }: { listed: ApiKeyListed; now: number; onRevoke(): void }) {
  const { name, hint, scopes, created, lastUsedAt, revoked } = listed;
  return (
    <li className="card trouble">
      <div className="row-body">
        <div className="row-main">
          <strong>{name}</strong>
          <span className="id quiet small">ck_…{hint}</span>
        </div>
        {revoked === null ? null : (
          <span className="badge">
            <Icon name="cross" />
            Revoked
          </span>
        )}
      </div>
      <p>{scopes.map((scope) => API_SCOPES[scope]).join(' · ')}</p>
      <p className="quiet small">
        Created by {created.by}, {dayAndTime(created.at, now)}.{' '}
        {lastUsedAt === null ? 'Never used.' : `Last used ${dayAndTime(lastUsedAt, now)}.`}
        {revoked === null ? '' : ` Revoked by ${revoked.by}, ${dayAndTime(revoked.at, now)}.`}
      </p>
      {revoked === null ? (
        <div className="actions">
          <Button className="button" onPress={onRevoke} aria-label={`Revoke ${name}`}>
            Revoke
          </Button>
        </div>
      ) : null}
    </li>
  );
}

function CreateForm(props: { onCancel(): void; onCreate(name: string, scopes: ApiScope[]): Promise<void> }) {
  const [name, setName] = useState('');
  const [scopes, setScopes] = useState<ApiScope[]>(['read']);
  const nameError = required(name, 60, 'which system it is for');
  return (
    <SubmitForm
      isRight={nameError === null && scopes.length > 0}
      verb="Create"
      not="Not created."
      onCancel={props.onCancel}
      onSubmit={() => props.onCreate(name.trim(), scopes)}
    >
      {(tried) => (
        <>
          <Field
            label="Which system it is for"
            value={name}
            onChange={setName}
            error={tried ? (nameError ?? undefined) : undefined}
            autoFocus
          />
          <TickList label="What it may do" options={SCOPES} chosen={scopes} onChange={setScopes} />
          {tried && scopes.length === 0 ? <p className="field-error">Choose at least one.</p> : null}
        </>
      )}
    </SubmitForm>
  );
}
