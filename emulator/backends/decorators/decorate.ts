import type { Backend } from '../../engine/backend';

/** A backend that answers some calls itself, or has no such member if that is undefined, and leaves all others to the true one. */
export function decorate(backend: Backend, members: Partial<Backend>): Backend {
  return new Proxy(backend, {
    get: (target, name) => {
      const member: unknown = Object.hasOwn(members, name) ? Reflect.get(members, name) : Reflect.get(target, name, target);
      return typeof member === 'function' ? member.bind(target) : member;
    },
  });
}
