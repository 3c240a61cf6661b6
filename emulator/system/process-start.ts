import { readFileSync } from 'node:fs';

/**
 * When a process started, in whatever the system counts; undefined if it has ended. With it an id means one process: the id alone may be
 * another one's by now. Where there is no /proc, as on macOS, nobody can tell, and it is an empty text.
 */
export function startOf(pid: number): string | undefined {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return exists(pid) ? '' : undefined;
  }
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' '); // from the third on; the second is a name, which may hold anything
  return 'ZX'.includes(fields[0]) ? undefined : fields[19]; // dead, and nobody has asked for its exit code yet
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
