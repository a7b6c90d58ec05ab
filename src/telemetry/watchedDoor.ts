/** The door, with every command counted, timed and traced. */
import { Door, type AgentProfile, type AgentSays, type DoorOptions, type Sender } from '../events/door.ts';
import type { Answer, Timer } from '../events/ports.ts';
import type { AgentCommand } from '../agent/agent.ts';
import type { ViewerCommand } from '../interaction/command.ts';
import type { ServiceRequest } from '../interaction/facts.ts';
import { inCommandSpan, keyOf, tracedRelay, tracedStore } from './tracing.ts';
import type { Metrics } from './metrics.ts';

export type WatchedDoorOptions = Omit<DoorOptions, 'meter'> & {
  metrics: Pick<Metrics, 'command' | 'committed' | 'relayed'>;
};

export class WatchedDoor extends Door {
  readonly #count: Metrics['command'];

  constructor({ metrics, ...options }: WatchedDoorOptions) {
    super({
      ...options,
      store: tracedStore(options.store),
      relay: tracedRelay(options.relay, (ms) => metrics.relayed(ms)),
      meter: metrics,
    });
    this.#count = (type, outcome, ms) => metrics.command(type, outcome, ms);
  }

  override async request(sender: Sender, request: ServiceRequest, asker?: 'tv' | 'system'): Promise<Answer> {
    return await this.#client('request', sender, () => super.request(sender, request, asker));
  }

  override async viewer(sender: Sender, interactionId: string, command: ViewerCommand): Promise<Answer> {
    return await this.#client(`viewer.${command.type}`, sender, () => super.viewer(sender, interactionId, command));
  }

  override async agent(sender: Sender, interactionId: string, command: AgentSays): Promise<Answer> {
    return await this.#client(`agent.${command.type}`, sender, () => super.agent(sender, interactionId, command));
  }

  override async invite(sender: Sender, tvId: string, tvConnected: boolean): Promise<Answer> {
    return await this.#client('invite', sender, () => super.invite(sender, tvId, tvConnected));
  }

  override async setWish(sender: Sender, wish: (AgentCommand & { type: 'setWish' })['wish']): Promise<Answer> {
    return await this.#client('setWish', sender, () => super.setWish(sender, wish));
  }

  override async agentKnown(centreId: string, profile: AgentProfile): Promise<void> {
    await this.#service('agentKnown', centreId, profile.agentId, () => super.agentKnown(centreId, profile));
  }

  override async agentConnected(centreId: string, agentId: string): Promise<void> {
    await this.#service('agentConnected', centreId, agentId, () => super.agentConnected(centreId, agentId));
  }

  override async agentDisconnected(centreId: string, agentId: string): Promise<void> {
    await this.#service('agentDisconnected', centreId, agentId, () => super.agentDisconnected(centreId, agentId));
  }

  override async tvConnection(centreId: string, tvId: string, connected: boolean): Promise<void> {
    const name = connected ? 'tvConnected' : 'tvDisconnected';
    await this.#service(name, centreId, tvId, () => super.tvConnection(centreId, tvId, connected));
  }

  override async timer(timer: Timer): Promise<void> {
    const { centreId, say } = timer;
    const about = say.to === 'agent' ? say.agentId : say.interactionId;
    await this.#service(`timer.${say.command.type}`, centreId, about, () => super.timer(timer));
  }

  async #client(name: string, sender: Sender, act: () => Promise<Answer>): Promise<Answer> {
    const began = performance.now();
    let outcome = 'failed';
    try {
      return await inCommandSpan({ name, centreId: sender.centreId, key: keyOf(sender) }, async (span) => {
        const answer = await act();
        outcome = answer.ok ? 'taken' : answer.code;
        span.setAttribute('couchline.outcome', outcome);
        if (answer.ok && answer.interactionId !== null) {
          span.setAttribute('couchline.interaction', answer.interactionId);
        }
        return answer;
      });
    } finally {
      this.#count(name, outcome, performance.now() - began);
    }
  }

  async #service(name: string, centreId: string, about: string, act: () => Promise<void>): Promise<void> {
    const began = performance.now();
    let outcome = 'failed';
    try {
      await inCommandSpan({ name, centreId, key: about }, act);
      outcome = 'taken';
    } finally {
      this.#count(name, outcome, performance.now() - began);
    }
  }
}
