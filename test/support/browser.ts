import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Browser } from 'playwright-core';
import { chromium } from 'playwright-core';

/** The browser of this machine, if it has one. */
export const CHROMIUM = find('chromium', 'chromium-browser', 'google-chrome');

/** Behind the names of tests that need it. */
export const SKIPPED = CHROMIUM ? '' : ' (SKIPPED: no chromium is installed)';

/** Starts it without a window. */
export function launchBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'], timeout: 0 });
}

function find(...names: string[]): string | undefined {
  return (process.env.PATH ?? '').split(delimiter).flatMap(folder => names.map(name => join(folder, name))).find(path => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
