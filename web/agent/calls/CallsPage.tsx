import { useEffect } from 'react';
import type { CallsState } from '../../../src/protocol/calls.ts';
import { Icon } from '../parts/Icon.tsx';
import { Loading } from '../parts/Loading.tsx';
import { useLoad } from '../parts/load.ts';
import { Empty, NotRead, Notice } from '../parts/Notice.tsx';
import { count } from '../parts/time.ts';
import type { CallsApi } from './calls-api.ts';
import { listed, portsInWords, workerInWords, workersInWords } from './calls-words.ts';
import './calls.css';
import { TryPanel } from './TryPanel.tsx';

const READ_EVERY_MS = 5_000;

/** Whether sound and picture work here: how the media layer stands, and a try of one's own camera and microphone. */
export function CallsPage({ api, isSupervisor }: { api: CallsApi; isSupervisor: boolean }) {
  if (isSupervisor) return <Calls api={api} />;
  return (
    <div className="narrow">
      <Empty title="For supervisors">Ask a supervisor of your contact centre whether calls work.</Empty>
    </div>
  );
}

function Calls({ api }: { api: CallsApi }) {
  const { loaded, reload } = useLoad('calls', () => api.state());
  useEffect(() => {
    const timer = setInterval(() => {
      if (!document.hidden) reload();
    }, READ_EVERY_MS);
    return () => clearInterval(timer);
  }, [reload]);
  return (
    <section className="pane calls" aria-label="Calls" data-pane="" tabIndex={-1}>
      <div className="scroll calls-body" tabIndex={0} role="group" aria-label="Sound and picture">
        <h1>Calls</h1>
        {loaded.kind === 'loading' ? <Loading rows={4} again={reload} /> : null}
        {loaded.kind === 'failed' ? <NotRead message={loaded.message} again={reload} /> : null}
        {loaded.kind === 'ready' ? (
          <>
            <Standing calls={loaded.value} />
            <TryPanel api={api} calls={loaded.value} />
          </>
        ) : null}
      </div>
    </section>
  );
}

function Standing({ calls }: { calls: CallsState }) {
  const { missing, workers, workersWanted, addresses, turnUrls, rooms, browsers, telephones } = calls;
  return (
    <section className="card calls-standing" aria-labelledby="standing">
      <div className="calls-head">
        <h2 id="standing">The service</h2>
        <span className={`badge ${missing !== null ? 'bad' : workers.length < workersWanted ? 'warn' : 'ok'}`}>
          <Icon name={missing === null && workers.length >= workersWanted ? 'check' : 'warn'} />
          {missing === null ? 'Sound and picture are there' : 'No sound and no picture'}
        </span>
      </div>
      {missing === null ? null : <Notice tone="bad">{missing}</Notice>}
      <dl className="calls-facts">
        <dt>Media workers</dt>
        <dd>
          {workersInWords(calls)}
          {workers.map((worker) => (
            <span key={worker.slot} className="quiet small number">
              {workerInWords(worker)}
            </span>
          ))}
        </dd>
        <dt>Browsers send to</dt>
        <dd>
          <span className="id">{listed(addresses)}</span>
          <span className="quiet small">{portsInWords(calls)}</span>
        </dd>
        <dt>TURN server</dt>
        <dd>
          {turnUrls.length === 0 ? 'None' : <span className="id">{listed(turnUrls)}</span>}
          {turnUrls.length === 0 ? (
            <span className="quiet small">Browsers that reach no port of the service cannot call.</span>
          ) : null}
        </dd>
        <dt>Open now</dt>
        <dd className="number">
          {[count(rooms, 'room'), count(browsers, 'browser'), count(telephones, 'telephone')].join(' · ')}
        </dd>
      </dl>
    </section>
  );
}
