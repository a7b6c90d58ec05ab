import { describe, expect, it } from 'vitest';
import type { Application } from '../../../../sip/engine/control/application.ts';
import { Routes } from '../../../../sip/engine/control/routes.ts';

const application = (tags = '', closed = false) => ({ tags, closed }) as Application;

describe('routes', () => {
  it('several applications are served in turn, also while they come and go', () => {
    const routes = new Routes();
    const [one, two, three] = [application(), application(), application()];
    for (const each of [one, two, three]) routes.add('INVITE', each);
    expect([1, 2, 3, 4].map(() => routes.choose('invite'))).toEqual([one, two, three, one]);
    routes.removeAll(one);
    expect([1, 2, 3].map(() => routes.choose('invite'))).toEqual([two, three, two]);
    routes.remove('invite', three);
    expect([1, 2].map(() => routes.choose('invite'))).toEqual([two, two]);
    routes.removeAll(two);
    expect(routes.choose('invite')).toBeUndefined();
  });

  it('asking twice for a method does not bring twice as much', () => {
    const routes = new Routes();
    const [one, two] = [application(), application()];
    routes.add('invite', one);
    routes.add('INVITE', one);
    routes.add('invite', two);
    expect([1, 2].map(() => routes.choose('INVITE'))).toEqual([one, two]);
  });

  it('names that objects have are no methods', () => {
    const routes = new Routes();
    expect(routes.add('constructor', application())).toBe(false);
    expect(routes.choose('constructor')).toBeUndefined();
  });

  it('an heir has the same tags and is connected', () => {
    const routes = new Routes();
    const [gone, blue, green] = [application('blue', true), application('blue'), application('green')];
    for (const each of [gone, green, blue]) routes.add('invite', each);
    expect(routes.applicationLike(gone)).toBe(blue);
    expect(routes.applicationLike(green)).toBeUndefined();
  });
});
