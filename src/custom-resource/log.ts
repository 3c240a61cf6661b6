import type { CustomResourceServices } from './services';

type Fields = { readonly [name: string]: string | number | undefined };

/**
 * One JSON object per line, so that CloudWatch Logs Insights finds its fields. Only what is named gets in: never a whole
 * event, because its ResponseURL lets whoever reads it answer in the function's place.
 */
export class Log {
  constructor(private readonly services: Pick<CustomResourceServices, 'write'>, private readonly invocation: string) {}

  public info(message: string, fields: Fields = {}): void {
    this.line('INFO', message, fields);
  }

  public warn(message: string, fields: Fields = {}): void {
    this.line('WARN', message, fields);
  }

  public error(message: string, fields: Fields = {}): void {
    this.line('ERROR', message, fields);
  }

  private line(level: string, message: string, fields: Fields): void {
    this.services.write(JSON.stringify({ level, message, invocation: this.invocation, ...fields }));
  }
}
