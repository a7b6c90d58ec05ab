import { useEffect, useState } from 'react';
import { Button, Input, Label, SearchField } from 'react-aria-components';
import { BusyButton } from '../parts/BusyButton.tsx';
import type { PastInteraction, TvListed } from '../../../src/protocol/api.ts';
import { useNow } from '../parts/clock.ts';
import { Icon } from '../parts/Icon.tsx';
import { ListAndDetail, Rows } from '../parts/ListAndDetail.tsx';
import { Loading } from '../parts/Loading.tsx';
import { messageOf, useLoad } from '../parts/load.ts';
import type { Loaded } from '../parts/load.ts';
import { Empty, Notice, NotRead } from '../parts/Notice.tsx';
import { useSettled } from '../parts/settled.ts';
import { dayAndTime, spanInWords } from '../parts/time.ts';
import { navigate } from '../router.ts';
import type { DeskApi } from '../session/desk-api.ts';
import { History } from './History.tsx';
import { inviteBlocker, lastHeardWords, told, tvLine } from './tv-words.ts';

/** How often the list is read again while it is looked at. */
const READ_EVERY_MS = 10_000;

interface Props {
  api: DeskApi;
  tvId: string | null;
  canInvite: boolean;
  /** Resolves when the invitation is committed. */
  onInvite(tvId: string): Promise<void>;
}

/** Registered TVs: found, looked at, and offered help (M7). */
export function TvsPage({ api, tvId, canInvite, onInvite }: Props) {
  const [search, setSearch] = useState('');
  const settled = useSettled(search.trim(), 250);
  const list = useLoad(`tvs ${settled}`, () => api.tvs(settled));
  const history = useLoad(tvId, () => api.history(tvId ?? ''));
  const { reload } = list;
  useEffect(() => {
    if (!canInvite) return;
    // Whether a TV is online is old news soon; a page in the background can be old.
    const timer = setInterval(() => {
      if (!document.hidden) reload();
    }, READ_EVERY_MS);
    return () => clearInterval(timer);
  }, [canInvite, reload]);
  return (
    <TvsView
      search={search}
      onSearch={setSearch}
      list={list.loaded}
      onListAgain={list.reload}
      chosenId={tvId}
      onChoose={(id) => navigate({ page: 'tvs', tvId: id })}
      history={history.loaded}
      onHistoryAgain={history.reload}
      canInvite={canInvite}
      onInvite={onInvite}
    />
  );
}

interface ViewProps {
  search: string;
  onSearch(search: string): void;
  list: Loaded<TvListed[]>;
  onListAgain(): void;
  chosenId: string | null;
  onChoose(id: string): void;
  history: Loaded<PastInteraction[]>;
  onHistoryAgain(): void;
  canInvite: boolean;
  onInvite(tvId: string): Promise<void>;
}

function TvsView(props: ViewProps) {
  const { list, chosenId } = props;
  const now = useNow(0, 30_000);
  const chosen = list.kind === 'ready' ? (list.value.find((tv) => tv.id === chosenId) ?? null) : null;
  return (
    <ListAndDetail
      labels={{ list: 'TVs', detail: 'TV' }}
      head={
        <>
          <h1>TVs</h1>
          <SearchField className="field search" value={props.search} onChange={props.onSearch}>
            <Label className="hidden-text">Search</Label>
            <Icon name="search" />
            <Input placeholder="Name, serial, model or customer" />
          </SearchField>
        </>
      }
      list={
        <>
          {list.kind === 'loading' ? <Loading rows={6} again={props.onListAgain} /> : null}
          {list.kind === 'failed' ? <NotRead message={list.message} again={props.onListAgain} /> : null}
          {list.kind === 'ready' && list.value.length === 0 ? (
            <Empty
              title={props.search === '' ? 'No TVs yet' : 'No TV fits'}
              action={
                props.search === '' ? (
                  <Button className="button" onPress={() => navigate({ page: 'pair', code: '' })}>
                    Pair a TV
                  </Button>
                ) : (
                  <Button className="button" onPress={() => props.onSearch('')}>
                    Show all
                  </Button>
                )
              }
            >
              {props.search === ''
                ? 'TVs appear here once they are paired, or provisioned by the operator.'
                : 'Try a part of the name, the serial, the model or the customer.'}
            </Empty>
          ) : null}
          {list.kind === 'ready' && list.value.length > 0 ? (
            <Rows
              label="TVs"
              items={list.value}
              nameOf={(tv) => tv.name}
              lineOf={tvLine}
              badgeOf={(tv) => <TvState tv={tv} now={now} />}
              chosenId={chosenId}
              onChoose={props.onChoose}
            />
          ) : null}
        </>
      }
      detail={
        chosen === null ? (
          <Empty title="Choose a TV">Its facts and its earlier help appear here.</Empty>
        ) : (
          <TvDetail key={chosen.id} {...props} tv={chosen} now={now} />
        )
      }
    />
  );
}

function TvState({ tv, now }: { tv: TvListed; now: number }) {
  if (tv.openInteractionId !== null) {
    return (
      <span className="badge info">
        <Icon name="help" />
        Help open
      </span>
    );
  }
  return tv.connected ? (
    <span className="badge ok">
      <Icon name="check" />
      Online
    </span>
  ) : (
    <span className="badge">
      <Icon name="lost" />
      {tv.lastHeardAt === null ? 'Never heard' : `${spanInWords(now - tv.lastHeardAt)} ago`}
    </span>
  );
}

function TvDetail(props: ViewProps & { tv: TvListed; now: number }) {
  const { tv, now } = props;
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const blocker = inviteBlocker(tv, props.canInvite);
  const offer = async () => {
    setBusy(true);
    setFailure(null);
    try {
      await props.onInvite(tv.id);
    } catch (error) {
      setFailure(messageOf(error));
      setBusy(false);
    }
  };
  return (
    <div className="scroll detail" tabIndex={0} role="group" aria-label={tv.name}>
      <h2>{tv.name}</h2>
      <dl className="facts wide">
        <div>
          <dt>State</dt>
          <dd>{lastHeardWords(tv, (at) => dayAndTime(at, now))}</dd>
        </div>
        <div>
          <dt>Model</dt>
          <dd>{told(tv.model)}</dd>
        </div>
        <div>
          <dt>Firmware</dt>
          <dd>{told(tv.firmware)}</dd>
        </div>
        <div>
          <dt>Serial</dt>
          <dd className="id">{tv.serial}</dd>
        </div>
        <div>
          <dt>Customer</dt>
          <dd>{tv.customerName ?? 'Nobody is named'}</dd>
        </div>
      </dl>
      <div className="offer-help">
        <BusyButton
          className="button primary"
          isBusy={busy}
          aria-disabled={blocker !== null}
          aria-describedby="offer-help-hint"
          onPress={() => {
            if (blocker === null) void offer();
          }}
        >
          Offer help
        </BusyButton>
        <p id="offer-help-hint" className="quiet small">
          {blocker ?? 'The TV asks “Would you like to begin?” You see more once the viewer says yes.'}
        </p>
      </div>
      {failure === null ? null : <Notice tone="bad">Not offered. {failure}</Notice>}
      <h3>Earlier help</h3>
      <History history={props.history} now={now} onAgain={props.onHistoryAgain} />
    </div>
  );
}
