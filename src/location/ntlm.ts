import type { LocationSecret } from './location-secret';
import { checkText } from '../validation/checks';
import type { Problems } from '../validation/problems';

/** A user of Windows, by name and password. */
export interface NtlmOptions {
  /**
   * The user who may read, or write, the files; 1 to 104 characters without `" [ ] / \ : ; | = , + * ? < >`. To copy owners and permissions the
   * user needs the rights of a backup operator.
   */
  readonly user: string;

  /** The password of the user, at most 104 characters. */
  readonly password: LocationSecret;

  /**
   * The Windows domain of the server; at most 253 letters, digits, hyphens and dots.
   *
   * @default - none
   */
  readonly domain?: string;
}

/** @internal */
export function checkNtlm(problems: Problems, { user, password, domain }: NtlmOptions): void {
  checkText(problems, 'user', user, {
    required: true,
    max: 104,
    pattern: /^[^"[\]/\\:;|=,+*?<>]+$/,
    says: 'must not contain any of "[]/\\:;|=,+*?<>',
    remedy: 'give the name of the user alone, and the domain as domain',
  });
  checkText(problems, 'domain', domain, {
    max: 253,
    pattern: /^[A-Za-z0-9]((\.|-+)?[A-Za-z0-9])*$/,
    says: 'must consist of ASCII letters and digits, with hyphens and single dots between them',
    remedy: 'give the name of the domain, such as "corp.example.com", or leave it out',
  });
  password._checkPlain(problems, 'password', { min: 0, max: 104, remedy: 'give the password of the user' });
}
