import type { ControlRoute } from './route';

const path = /^\/_emulator\/faults$/;

/** The fault plan of a running emulator. */
export const faultRoutes: readonly ControlRoute[] = [
  { method: 'GET', path, answer: ({ faults }) => ({ json: { ...faults.plan, injected: faults.injected } }) },
  {
    method: 'PUT',
    path,
    answer: ({ faults }, plan) => {
      faults.replace(plan);
      return { json: faults.plan };
    },
  },
  {
    method: 'DELETE',
    path,
    answer: ({ faults }) => {
      faults.replace({ faults: [] });
      return { json: faults.plan };
    },
  },
];
