/** What is known is there at once; what has to be read first, later. */
export type Soon<T> = T | Promise<T>;

/** Goes on at once with what is known: most commands find everything known, and waiting for each costs more than doing it. */
export function after<T, U>(soon: Soon<T>, then: (value: T) => U): Soon<U> {
  return soon instanceof Promise ? soon.then(then) : then(soon);
}
