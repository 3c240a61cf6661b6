import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const IN_BUNDLE = join(__dirname, 'custom-resource.js');

/** The code of the function in `custom-resource.ts`: a file of its own beside the bundle of the command. */
export function functionCode(): string {
  return readFileSync(existsSync(IN_BUNDLE) ? IN_BUNDLE : join(__dirname, '..', '..', 'assets', 'emulator', 'cli', 'custom-resource.js'), 'utf8');
}
