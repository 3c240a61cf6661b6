export { bytes, duration } from '../../text/units';

/** What stands behind the last slash of an ARN. */
export function idOf(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1);
}

/** `1,234 skipped`. */
export function count(amount: number, noun: string): string {
  return `${amount.toLocaleString('en')} ${noun}`;
}

/** `Wed, 2 Jan 2030, 12:00 UTC`: schedules go by UTC. */
export function time(epochMs: number): string {
  const format = new Intl.DateTimeFormat('en-GB', {
    weekday: 'short', day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit', timeZone: 'UTC',
  });
  return `${format.format(epochMs)} UTC`;
}

/** How long it is until then, at most days: `3 d`, `5 h 20 min`, `12 min`, `less than a minute`. */
export function until(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 1) return 'less than a minute';
  if (minutes < 60) return `${minutes} min`;
  return minutes < 48 * 60 ? `${Math.floor(minutes / 60)} h ${minutes % 60} min` : `${Math.floor(minutes / 24 / 60)} d`;
}
