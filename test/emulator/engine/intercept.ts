import type { Backend } from '../../../emulator/engine/backend';

/** The same backend with something done first. */
export function intercept(backend: Backend, hooks: Partial<Backend>): Backend {
  return new Proxy(backend, {
    get: (target, name) => {
      const own: unknown = hooks[name as keyof Backend] ?? Reflect.get(target, name, target);
      return typeof own === 'function' ? own.bind(target) as unknown : own;
    },
  });
}
