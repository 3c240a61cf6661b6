import { element, svg } from './dom';
import { bytes, duration } from './format';
import type { Rate } from './throughput';

/** Of the drawing, which is stretched to the width that there is. */
const WIDTH = 600;
const HEIGHT = 60;

/** Throughput over time, as steps: each is the average between two looks. Nothing as long as there is nothing to compare. */
export function plotOf(rates: readonly Rate[], limit: number | undefined): HTMLElement | undefined {
  if (rates.length < 2) return undefined;
  const end = rates[rates.length - 1].to;
  const highest = Math.max(...rates.map(({ bytesPerSecond }) => bytesPerSecond));
  if (highest === 0) return undefined;
  const x = (time: number) => (time / end * WIDTH).toFixed(1);
  const y = (rate: number) => (HEIGHT - rate / highest * (HEIGHT - 2)).toFixed(1);
  const line = rates.map(({ from, to, bytesPerSecond }) => `L${x(from)} ${y(bytesPerSecond)}L${x(to)} ${y(bytesPerSecond)}`).join('');
  const text = `highest ${bytes(Math.round(highest))}/s, last ${bytes(Math.round(rates[rates.length - 1].bytesPerSecond))}/s`;
  return element('figure', {},
    svg('svg', {
      'viewBox': `0 0 ${WIDTH} ${HEIGHT}`, 'preserveAspectRatio': 'none', 'role': 'img', 'aria-label': `Throughput over ${duration(end)}: ${text}`,
    },
    svg('path', { class: 'area', d: `M0 ${HEIGHT}${line}L${WIDTH} ${HEIGHT}Z` }),
    svg('path', { class: 'line', d: `M${line.slice(1)}` }),
    limit !== undefined && limit <= highest && svg('path', { class: 'limit', d: `M0 ${y(limit)}H${WIDTH}` })),
    element('figcaption', { class: 'soft' }, element('span', {}, '0 s'), element('span', {}, text), element('span', {}, duration(end))));
}
