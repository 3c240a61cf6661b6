import { PAGE, PAGE_HEADERS } from './page';
import { statusOf } from './status';
import type { OwnRoute } from '../own-api';

/** The page, and what it shows as JSON. */
export const consoleRoutes: readonly OwnRoute[] = [
  { method: 'GET', path: /^\/$/, answer: () => ({ html: PAGE, headers: PAGE_HEADERS }) },
  { method: 'GET', path: /^\/_emulator\/status$/, answer: state => ({ json: statusOf(state) }) },
];
