import type { OwnRoute } from './route';

const path = /^\/_emulator\/faults$/;

/** The fault plan of a running emulator. */
export const faultRoutes: readonly OwnRoute[] = [
  { method: 'GET', path, answer: ({ faults }) => ({ json: { ...faults.plan, struck: faults.struck } }) },
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
