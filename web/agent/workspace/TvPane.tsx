import type { InteractionView } from '../../connector/types.ts';
import type { PastInteraction } from '../../../src/protocol/api.ts';
import type { Match } from '../../../src/interaction/interaction.ts';
import { reasonFor } from '../offer/offer-words.ts';
import { Fact } from '../parts/Fact.tsx';
import { Icon } from '../parts/Icon.tsx';
import type { Loaded } from '../parts/load.ts';
import { clockTime } from '../parts/time.ts';
import { History } from '../tvs/History.tsx';
import { contextLabel, factLabel, factValue, playerCodeInWords, serviceStateInWords } from './fact-words.ts';
import { useLive } from './live.ts';
import { LiveNow } from './LiveNow.tsx';

interface Props {
  view: InteractionView;
  history: Loaded<PastInteraction[]>;
  onHistoryAgain(): void;
  now: number;
}

/** Everything the TV told: its fault, itself, its user, and its screen as structure (B6). */
export function TvPane({ view, history, onHistoryAgain, now }: Props) {
  const { tv, request } = view;
  const { fault, context } = request;
  const lost = view.tvLostAt;
  const live = useLive(view.id);
  const isOver = view.status.kind === 'wrapUp';
  // What is kept follows a little later, and less often.
  const screen = { ...request.screen, ...live?.screen };
  return (
    <section className="pane tv-pane" aria-label="TV" data-pane="" tabIndex={-1}>
      <div className="scroll" tabIndex={0} role="group" aria-label="What the TV told">
        {lost === null ? null : (
          <p className="lost" role="status">
            <Icon name="lost" />
            TV last heard {clockTime(lost)}
          </p>
        )}
        <div className={lost === null ? '' : 'old'}>
          <div className="block">
            <h2>
              <span className="hidden-text">Fault: </span>
              {fault?.title ?? 'No fault known'}
            </h2>
            <p>
              {tv.customer === null ? '' : `${tv.customer.name}, `}
              {tv.name}
            </p>
            {fault === null ? (
              <p className="quiet">
                {view.origin === 'agent' ? 'You offered help; the TV reported nothing.' : 'The viewer asked for help.'}
              </p>
            ) : (
              <>
                <p className="quiet">
                  <span className="id">{fault.code}</span> ·{' '}
                  {fault.count === 1 ? 'seen once' : `seen ${fault.count} times`} since {clockTime(fault.since)} by the
                  TV’s clock
                </p>
                {view.faultGoneAt === null ? null : (
                  <p className="gone">
                    <Icon name="check" />
                    Not seen any more since {clockTime(view.faultGoneAt)}
                  </p>
                )}
                <Facts facts={fault.detail} />
              </>
            )}
          </div>

          {live === null ? null : (
            <LiveNow live={live} standing={view.faultGoneAt === null ? (fault?.code ?? null) : null} />
          )}

          <div className="block">
            <h3>{isOver ? 'What the TV showed last' : 'What the TV shows'}</h3>
            {screen.path.length === 0 && screen.focused === null ? (
              <p className="quiet">The TV has not told.</p>
            ) : (
              <>
                <ol className="path" aria-label="Screen">
                  {screen.path.map((step, i) => (
                    <li key={i}>{step}</li>
                  ))}
                </ol>
                {screen.focused === null ? null : (
                  <p>
                    Focus: <strong>“{screen.focused}”</strong>
                  </p>
                )}
              </>
            )}
            {screen.recentActions.length === 0 ? null : (
              <>
                <h4 className="sub">Last pressed</h4>
                <ol className="recent">
                  {screen.recentActions.toReversed().map((action, i) => (
                    <li key={i}>{action}</li>
                  ))}
                </ol>
              </>
            )}
          </div>

          <div className="block">
            <h3>{tv.name}</h3>
            <dl className="facts">
              <Fact label="Form" value={tv.form === 'all-in-one' ? 'All-in-one TV' : 'Set-top box'} />
              <Fact label="Model" value={tv.model} />
              {tv.displayModel === null ? null : <Fact label="Display" value={tv.displayModel} />}
              <Fact label="Firmware" value={tv.firmware} />
              <Fact label="Engine" value={tv.engine} />
              <Fact label="Serial" value={tv.serial} isId />
            </dl>
          </div>

          <div className="block">
            <h3>Customer</h3>
            {tv.customer === null ? (
              <p className="quiet">Nobody is named for this TV.</p>
            ) : (
              <dl className="facts">
                <Fact label="Name" value={tv.customer.name} />
                {tv.customer.address === null ? null : <Fact label="Address" value={tv.customer.address} />}
                {tv.customer.number === null ? null : <Fact label="Number" value={tv.customer.number} isId />}
              </dl>
            )}
            {view.match === null ? null : (
              <p className="why">
                <Icon name="info" />
                <span>
                  {view.match.queueName}. {whyHere(view, view.match)}
                </span>
              </p>
            )}
          </div>

          <div className="block">
            <h3>At the time</h3>
            <dl className="facts">
              <Fact label="TV service" value={serviceStateInWords(context.serviceState)} />
              {Object.entries(context.facts).map(([name, value]) => (
                <Fact key={name} label={contextLabel(name)} value={factValue(name, value)} />
              ))}
            </dl>
          </div>
        </div>
        <div className="block">
          <h3>Earlier help</h3>
          <History history={history} except={view.id} now={now} onAgain={onHistoryAgain} />
        </div>
      </div>
    </section>
  );
}

/** In words to the agent who has it; that others were not free is no news any more. */
function whyHere({ origin, status }: InteractionView, match: Match): string {
  if (origin === 'agent') return 'You started this.';
  const agent = status.kind === 'active' || status.kind === 'wrapUp' ? status.agent : null;
  return agent !== null && match.preferredAgentIds.includes(agent.agentId) ? reasonFor(match, agent) : match.reason;
}

function Facts({ facts }: { facts: Record<string, string | number | boolean> }) {
  const all = Object.entries(facts);
  if (all.length === 0) return null;
  return (
    <dl className="facts measured">
      {all.map(([name, value]) => {
        const plain = playerCodeInWords(value);
        if (plain === null) return <Fact key={name} label={factLabel(name)} value={factValue(name, value)} />;
        return <Fact key={name} label={factLabel(name)} value={plain} code={factValue(name, value)} />;
      })}
    </dl>
  );
}
