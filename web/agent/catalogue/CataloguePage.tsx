import { useState } from 'react';
import { Button } from 'react-aria-components';
import type { CatalogueEntry } from '../../../src/diagnosis/diagnosis.ts';
import type { CatalogueState } from '../../../src/protocol/api.ts';
import { useNow } from '../parts/clock.ts';
import { Icon } from '../parts/Icon.tsx';
import { useKept } from '../parts/kept.ts';
import { ListAndDetail, Rows } from '../parts/ListAndDetail.tsx';
import { messageOf, useLoad } from '../parts/load.ts';
import { Empty } from '../parts/Notice.tsx';
import { Read } from '../parts/Read.tsx';
import { Search } from '../parts/Search.tsx';
import { useSay } from '../parts/Words.tsx';
import { count } from '../parts/time.ts';
import { navigate } from '../router.ts';
import type { DeskApi } from '../session/desk-api.ts';
import { DraftBar } from './DraftBar.tsx';
import { EntryEditor } from './EntryEditor.tsx';
import { emptyEntry, entryFromForm, entryToForm } from './entry-form.ts';
import type { EntryForm } from './entry-form.ts';
import { EntryView } from './EntryView.tsx';
import { fitsSearch } from './search.ts';
import { problemsOf } from './problems.ts';
import { Versions } from './Versions.tsx';

interface Props {
  api: DeskApi;
  /** Supervisors edit, agents read. */
  canEdit: boolean;
  entryId: string | null;
}

/** From faults to what helps: read by all, edited as one draft, published as versions. */
export function CataloguePage({ api, canEdit, entryId }: Props) {
  const catalogue = useLoad('catalogue', () => api.catalogue());
  if (catalogue.loaded.kind === 'ready') {
    const { reload, put } = catalogue;
    return <Catalogue {...{ api, canEdit, entryId, reload, put }} state={catalogue.loaded.value} />;
  }
  return (
    <div className="narrow">
      <Read from={catalogue} rows={8}>
        {() => null}
      </Read>
    </div>
  );
}

interface CatalogueProps extends Props {
  state: CatalogueState;
  reload(): void;
  put(state: CatalogueState): void;
}

function Catalogue({ api, canEdit, entryId, state, reload, put }: CatalogueProps) {
  const say = useSay();
  const now = useNow(0, 30_000);
  const [search, setSearch] = useState('');
  const [versionsShown, setVersionsShown] = useState(false);
  const [edit, keepEdit] = useKept<EntryForm>('catalogue.entry');
  const { published, draft } = state;
  const entries = draft?.entries ?? published.entries;
  const shown = entries.filter((entry) => fitsSearch(entry, search));
  const chosen = entries.find((entry) => entry.id === entryId) ?? null;
  const problems = draft?.problems ?? [];
  /** The row of what stands beside the list; a new entry has none yet. */
  const rowId = canEdit && edit !== null ? edit.id || null : (chosen?.id ?? null);
  const choose = (id: string | null) => navigate({ page: 'catalogue', entryId: id });

  const save = async (next: CatalogueEntry[]) => {
    put(await api.saveDraft(draft?.revision ?? 0, published.version, next));
  };
  const saveEntry = async (form: EntryForm) => {
    const others = entries.filter((entry) => entry.id !== form.id);
    const entry = entryFromForm(
      form,
      others.map((other) => other.id),
    );
    const isNew = form.id === '';
    await save(isNew ? [...entries, entry] : entries.map((other) => (other.id === entry.id ? entry : other)));
    keepEdit(null);
    choose(entry.id);
    say({ tone: 'ok', text: `Saved in the draft: ${entry.name}` });
  };
  const attempt = (action: Promise<void>, what: string) => {
    action.catch((error: unknown) => {
      say({ tone: 'bad', text: `${what} ${messageOf(error)}` });
      reload();
    });
  };
  const remove = async (entry: CatalogueEntry) => {
    const before = entries;
    const after = await api.saveDraft(
      draft?.revision ?? 0,
      published.version,
      before.filter((other) => other.id !== entry.id),
    );
    put(after);
    choose(null);
    say({
      tone: 'ok',
      text: `Removed from the draft: ${entry.name}`,
      action: {
        label: 'Undo',
        run: () =>
          attempt(
            api.saveDraft(after.draft?.revision ?? 0, after.published.version, before).then(put),
            'Not put back.',
          ),
      },
    });
  };
  const discard = async () => {
    const { discarded, ...after } = await api.discardDraft();
    put(after);
    keepEdit(null);
    say({
      tone: 'ok',
      text: 'Draft discarded.',
      ...(discarded === null
        ? {}
        : {
            action: {
              label: 'Undo',
              run: () =>
                attempt(api.saveDraft(0, after.published.version, discarded.entries).then(put), 'Not put back.'),
            },
          }),
    });
  };
  const restore = async (version: number) => {
    put(await api.restore(version));
    setVersionsShown(false);
    say({ tone: 'ok', text: `Version ${version} is the draft now. Publish it to use it.` });
  };

  return (
    <div className="catalogue">
      {draft === null ? null : (
        <DraftBar
          published={published}
          draft={draft}
          canEdit={canEdit}
          now={now}
          onPublish={async (note) => {
            const after = await api.publish(draft.revision, note);
            put(after);
            say({ tone: 'ok', text: `Published as version ${after.published.version}.` });
          }}
          onDiscard={() => attempt(discard(), 'Not discarded.')}
        />
      )}
      <ListAndDetail
        labels={{ list: 'Entries', detail: 'Entry' }}
        head={
          <>
            <div className="detail-head">
              <h1>Catalogue</h1>
              <div className="actions">
                <Button className="button plain" onPress={() => setVersionsShown(true)}>
                  Version {published.version}
                </Button>
                {canEdit ? (
                  <Button className="button" onPress={() => keepEdit(emptyEntry())}>
                    <Icon name="add" />
                    New entry
                  </Button>
                ) : null}
              </div>
            </div>
            <Search value={search} onChange={setSearch} placeholder="Fault, model, name or task" />
            <p className="quiet small" role="status">
              {search === '' ? `${entries.length} entries` : `${shown.length} of ${entries.length} entries`}
            </p>
          </>
        }
        list={
          shown.length === 0 ? (
            <Empty
              title={entries.length === 0 ? 'No entries yet' : 'No entry fits'}
              action={
                search === '' ? undefined : (
                  <Button className="button" onPress={() => setSearch('')}>
                    Show all
                  </Button>
                )
              }
            >
              {entries.length === 0
                ? 'An entry says what a fault most likely is, and what to do about it.'
                : 'Try a fault code, a model, or a word of a task.'}
            </Empty>
          ) : (
            <Rows
              label="Entries"
              items={shown}
              nameOf={(entry) => entry.name}
              lineOf={(entry) => <EntryLine entry={entry} />}
              badgeOf={(entry) =>
                problems.some((one) => one.entryId === entry.id && one.severity === 'error') ? <ProblemBadge /> : null
              }
              chosenId={rowId}
              onChoose={choose}
            />
          )
        }
        detail={
          canEdit && edit !== null ? (
            <EntryEditor
              key={edit.id}
              form={edit}
              index={edit.id === '' ? entries.length : entries.findIndex((entry) => entry.id === edit.id)}
              problems={problemsOf(problems, edit.id, 'error')}
              warnings={problemsOf(problems, edit.id, 'warning')}
              onChange={keepEdit}
              onSave={saveEntry}
              onCancel={() => keepEdit(null)}
              onLoadTheirs={() => {
                keepEdit(null);
                reload();
              }}
            />
          ) : chosen === null ? (
            <Empty title="Choose an entry">What it says and asks for appears here, as the TV shows it.</Empty>
          ) : (
            <EntryView
              key={chosen.id}
              entry={chosen}
              edit={
                canEdit
                  ? {
                      onEdit: () => keepEdit(entryToForm(chosen)),
                      onRemove: () => attempt(remove(chosen), 'Not removed.'),
                    }
                  : null
              }
            />
          )
        }
      />
      <Versions
        state={state}
        canEdit={canEdit}
        isOpen={versionsShown}
        now={now}
        onClose={() => setVersionsShown(false)}
        onRestore={(version) => attempt(restore(version), 'Not restored.')}
      />
    </div>
  );
}

function EntryLine({ entry }: { entry: CatalogueEntry }) {
  return (
    <>
      <span className="id">{entry.fault}</span>
      {entry.model === '*' ? '' : ` · ${entry.model}`}
      {entry.firmware === '*' ? '' : ` · ${entry.firmware}`} · {count(entry.tasks.length, 'task')}
    </>
  );
}

function ProblemBadge() {
  return (
    <span className="badge bad">
      <Icon name="warn" />
      Problem
    </span>
  );
}
