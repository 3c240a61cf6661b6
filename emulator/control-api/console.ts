import type { ControlRoute } from './route';
import { consolePage } from '../console/page';
import { consoleStatus } from '../console/status';

/** The page, and what it shows as JSON. */
export const consoleRoutes: readonly ControlRoute[] = [
  { method: 'GET', path: /^\/$/, answer: consolePage },
  { method: 'GET', path: /^\/_emulator\/status$/, answer: state => ({ json: consoleStatus(state) }) },
];
