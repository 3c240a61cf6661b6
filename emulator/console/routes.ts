import { page } from './page';
import { statusOf } from './status';
import type { OwnRoute } from '../own-api';

/** The page, and what it shows as JSON. */
export const consoleRoutes: readonly OwnRoute[] = [
  { method: 'GET', path: /^\/$/, answer: page },
  { method: 'GET', path: /^\/_emulator\/status$/, answer: state => ({ json: statusOf(state) }) },
];
