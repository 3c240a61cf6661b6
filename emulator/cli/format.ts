export { printable } from '../text/printable';
export { bytes, duration } from '../text/units';

/** `1,234`. Not by the `Intl` of Node.js, which takes as long to begin as it takes to list thousands of files. */
export function number(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** `1 item`, `1,234 items`. */
export function items(count: number): string {
  return `${number(count)} item${count === 1 ? '' : 's'}`;
}

/** Lines with aligned columns, two spaces between them. */
export function table(rows: ReadonlyArray<readonly string[]>): string[] {
  const widths = rows[0].map((_, column) => Math.max(...rows.map(row => row[column].length)));
  return rows.map(row => row.map((cell, column) => cell.padEnd(widths[column])).join('  ').trimEnd());
}
