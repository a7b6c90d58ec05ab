/** Why the registration component did not do what was asked. Messages can be shown to people. */

/** One error for every way of not proving who one is, so that the answer tells nothing about which part was wrong. */
export class UnauthorizedError extends Error {
  constructor() {
    super('These credentials were not accepted. Sign in or pair again.');
    this.name = 'UnauthorizedError';
  }
}

/** What was asked does not go together with what is there already. */
export class ConflictError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ConflictError';
  }
}
