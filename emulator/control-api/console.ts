import type { OwnRoute } from './route';
import { page } from '../console/page';
import { statusOf } from '../console/status';

/** The page, and what it shows as JSON. */
export const consoleRoutes: readonly OwnRoute[] = [
  { method: 'GET', path: /^\/$/, answer: page },
  { method: 'GET', path: /^\/_emulator\/status$/, answer: state => ({ json: statusOf(state) }) },
];
