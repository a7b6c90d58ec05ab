import type { Application } from './application.ts';

/** Methods that may be routed, and the call records, which travel the same way. */
const ROUTABLE = new Set([
  'invite',
  'ack',
  'bye',
  'cancel',
  'options',
  'register',
  'info',
  'prack',
  'update',
  'message',
  'subscribe',
  'notify',
  'refer',
  'publish',
  'cdr:attempt',
  'cdr:start',
  'cdr:stop',
]);

interface Route {
  applications: Application[];
  next: number;
}

/** Which applications want which method; several are served in turn. */
export class Routes {
  readonly #routes = new Map<string, Route>();

  /** False where the method is none that we know. Asking twice changes nothing. */
  add(method: string, application: Application): boolean {
    const verb = method.toLowerCase();
    if (!ROUTABLE.has(verb)) return false;
    const route = this.#routes.get(verb);
    if (!route) this.#routes.set(verb, { applications: [application], next: 0 });
    else if (!route.applications.includes(application)) route.applications.push(application);
    return true;
  }

  /** False where the method is none that we know. */
  remove(method: string, application: Application): boolean {
    const verb = method.toLowerCase();
    if (!ROUTABLE.has(verb)) return false;
    const route = this.#routes.get(verb);
    if (route) this.#without(verb, route, application);
    return true;
  }

  removeAll(application: Application): void {
    for (const [verb, route] of this.#routes) this.#without(verb, route, application);
  }

  /** The application whose turn it is, or undefined where nobody wants the method. */
  choose(method: string): Application | undefined {
    const route = this.#routes.get(method.toLowerCase());
    if (!route) return undefined;
    const chosen = route.applications[route.next % route.applications.length];
    route.next = (route.next + 1) % route.applications.length;
    return chosen;
  }

  /** Another application with the same tags, where one is connected: a restarted one takes over what it had. */
  applicationLike(gone: Application): Application | undefined {
    for (const { applications } of this.#routes.values()) {
      const heir = applications.find((each) => each !== gone && !each.closed && each.tags === gone.tags);
      if (heir) return heir;
    }
    return undefined;
  }

  #without(verb: string, route: Route, application: Application): void {
    const at = route.applications.indexOf(application);
    if (at < 0) return;
    route.applications.splice(at, 1);
    if (at < route.next) route.next--;
    if (route.applications.length === 0) this.#routes.delete(verb);
  }
}
