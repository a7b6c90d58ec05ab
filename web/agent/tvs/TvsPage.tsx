import { useState } from 'react';
import { Button } from 'react-aria-components';
import { BusyButton } from '../parts/BusyButton.tsx';
import type { TvListed } from '../../../src/protocol/api.ts';
import { useNow } from '../parts/clock.ts';
import { Fact } from '../parts/Fact.tsx';
import { Icon } from '../parts/Icon.tsx';
import { Detail, ListAndDetail, Rows } from '../parts/ListAndDetail.tsx';
import { messageOf, useLoad, useReadAgain } from '../parts/load.ts';
import { Empty, Notice } from '../parts/Notice.tsx';
import { Read } from '../parts/Read.tsx';
import { Search } from '../parts/Search.tsx';
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
  const now = useNow(0, 30_000);
  // Whether a TV is online is old news soon.
  useReadAgain(list.reload, READ_EVERY_MS, canInvite);
  const chosen = list.loaded.kind === 'ready' ? (list.loaded.value.find((tv) => tv.id === tvId) ?? null) : null;
  return (
    <ListAndDetail
      labels={{ list: 'TVs', detail: 'TV' }}
      head={
        <>
          <h1>TVs</h1>
          <Search value={search} onChange={setSearch} placeholder="Name, serial, model or customer" />
        </>
      }
      list={
        <Read from={list} rows={6}>
          {(tvs) =>
            tvs.length > 0 ? (
              <Rows
                label="TVs"
                items={tvs}
                nameOf={(tv) => tv.name}
                lineOf={tvLine}
                badgeOf={(tv) => <TvState tv={tv} now={now} />}
                chosenId={tvId}
                onChoose={(id) => navigate({ page: 'tvs', tvId: id })}
              />
            ) : search === '' ? (
              <Empty
                title="No TVs yet"
                action={
                  <Button className="button" onPress={() => navigate({ page: 'pair', code: '' })}>
                    Pair a TV
                  </Button>
                }
              >
                TVs appear here once they are paired, or provisioned by the operator.
              </Empty>
            ) : (
              <Empty
                title="No TV fits"
                action={
                  <Button className="button" onPress={() => setSearch('')}>
                    Show all
                  </Button>
                }
              >
                Try a part of the name, the serial, the model or the customer.
              </Empty>
            )
          }
        </Read>
      }
      detail={
        chosen === null ? (
          <Empty title="Choose a TV">Its facts and its earlier help appear here.</Empty>
        ) : (
          <TvDetail key={chosen.id} {...{ api, canInvite, onInvite, now }} tv={chosen} />
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

interface DetailProps extends Pick<Props, 'api' | 'canInvite' | 'onInvite'> {
  tv: TvListed;
  now: number;
}

function TvDetail({ api, tv, now, canInvite, onInvite }: DetailProps) {
  const history = useLoad(tv.id, () => api.history(tv.id));
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const blocker = inviteBlocker(tv, canInvite);
  const offer = async () => {
    setBusy(true);
    setFailure(null);
    try {
      await onInvite(tv.id);
    } catch (error) {
      setFailure(messageOf(error));
      setBusy(false);
    }
  };
  return (
    <Detail title={tv.name}>
      <dl className="facts wide">
        <Fact label="State" value={lastHeardWords(tv, (at) => dayAndTime(at, now))} />
        <Fact label="Model" value={told(tv.model)} />
        <Fact label="Firmware" value={told(tv.firmware)} />
        <Fact label="Serial" value={tv.serial} isId />
        <Fact label="Customer" value={tv.customerName ?? 'Nobody is named'} />
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
      <History history={history.loaded} now={now} onAgain={history.reload} />
    </Detail>
  );
}
