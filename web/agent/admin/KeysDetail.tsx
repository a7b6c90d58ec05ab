import { useState } from 'react';
import { Button } from 'react-aria-components';
import type { ApiKeyListed } from '../../../src/protocol/admin.ts';
import { API_SCOPES } from '../../../src/protocol/apiScopes.ts';
import type { ApiScope } from '../../../src/protocol/apiScopes.ts';
import { ConfirmDialog } from '../parts/ConfirmDialog.tsx';
import { Field } from '../parts/Field.tsx';
import { FormDialog } from '../parts/FormDialog.tsx';
import { Icon } from '../parts/Icon.tsx';
import { Detail } from '../parts/ListAndDetail.tsx';
import { useLoad } from '../parts/load.ts';
import { Empty } from '../parts/Notice.tsx';
import { Read } from '../parts/Read.tsx';
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
  const keys = useLoad('keys', () => api.keys());
  const [creating, setCreating] = useState(false);
  const [revoking, setRevoking] = useState<ApiKeyListed | null>(null);
  const [shown, setShown] = useState<Shown | null>(null);
  return (
    <Detail title="API keys">
      <p className="quiet">
        With a key, another system can ask for help for a TV, speak in an interaction and read what happened. The{' '}
        <a href="/docs" target="_blank" rel="noreferrer">
          HTTP API
        </a>{' '}
        says how.
      </p>
      <div className="actions">
        <Button className="button primary" onPress={() => setCreating(true)}>
          Create a key
        </Button>
      </div>
      <Read from={keys}>
        {(listed) =>
          listed.length === 0 ? (
            <Empty title="No keys yet">Each system gets a key of its own, so that one can be revoked alone.</Empty>
          ) : (
            <ul className="troubles">
              {listed.map((key) => (
                <Key key={key.id} listed={key} now={now} onRevoke={() => setRevoking(key)} />
              ))}
            </ul>
          )
        }
      </Read>
      {creating ? (
        <CreateForm
          onClose={() => setCreating(false)}
          onCreate={async (name, scopes) => {
            const { key } = await api.createKey(name, scopes);
            keys.reload();
            setShown({
              title: `Key for ${name}`,
              words: 'The other system sends it with each request, as “Authorization: Bearer” and the key.',
              secret: key,
            });
          }}
        />
      ) : null}
      <ConfirmDialog
        title={`Revoke ${revoking?.name ?? ''}`}
        isOpen={revoking !== null}
        verb="Revoke"
        not="Not revoked."
        onClose={() => setRevoking(null)}
        onConfirm={async () => {
          if (revoking === null) return;
          await api.revokeKey(revoking.id);
          keys.reload();
          setRevoking(null);
          say({ tone: 'ok', text: `Revoked: ${revoking.name}. It works no more.` });
        }}
      >
        <p>The system that uses it is refused from then on. This cannot be undone; a new key can be created.</p>
      </ConfirmDialog>
      <SecretOnce shown={shown} onClose={() => setShown(null)} />
    </Detail>
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

function CreateForm(props: { onClose(): void; onCreate(name: string, scopes: ApiScope[]): Promise<void> }) {
  const [name, setName] = useState('');
  const [scopes, setScopes] = useState<ApiScope[]>(['read']);
  const nameError = required(name, 60, 'which system it is for');
  const scopesError = scopes.length === 0 ? 'Choose at least one.' : null;
  return (
    <FormDialog
      title="Create a key"
      verb="Create"
      not="Not created."
      errors={[nameError, scopesError]}
      onClose={props.onClose}
      onSubmit={() => props.onCreate(name.trim(), scopes)}
    >
      {(tell) => (
        <>
          <Field label="Which system it is for" value={name} onChange={setName} error={tell(nameError)} autoFocus />
          <TickList
            label="What it may do"
            options={SCOPES}
            chosen={scopes}
            error={tell(scopesError)}
            onChange={setScopes}
          />
        </>
      )}
    </FormDialog>
  );
}
