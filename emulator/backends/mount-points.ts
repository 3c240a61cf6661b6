import { readFileSync } from 'node:fs';

/** What is mounted where, as far as it decides what can be done to a path. */
export class MountPoints {
  /** As this process sees it now; without any elsewhere than on Linux. */
  public static read(): MountPoints {
    try {
      return new MountPoints(readFileSync('/proc/self/mountinfo', 'utf8'));
    } catch {
      return new MountPoints('');
    }
  }

  /** Whether it can be written to, by path; of several at one path the last one. */
  private readonly points = new Map<string, boolean>();

  /** @param mountinfo as proc_pid_mountinfo(5) describes it */
  constructor(mountinfo: string) {
    for (const line of mountinfo.split('\n')) {
      const [, , , , point, options] = line.split(' ');
      if (options !== undefined) this.points.set(unescape(point), !options.split(',').includes('ro'));
    }
  }

  /** Is something mounted at the path itself? */
  public has(path: string): boolean {
    return this.points.has(path);
  }

  /** The path at which the mount begins that the path is in. */
  public of(path: string): string {
    for (let at = path; at !== ''; at = at.slice(0, Math.max(at.lastIndexOf('/'), 0))) if (this.points.has(at)) return at;
    return '/';
  }

  public isReadOnly(path: string): boolean {
    return this.points.get(this.of(path)) === false;
  }
}

/** A space, tab, line feed and backslash come as octal numbers. */
function unescape(field: string): string {
  return field.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(parseInt(octal, 8)));
}
