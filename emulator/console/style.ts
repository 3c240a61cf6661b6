/** How the page looks. One column, two where there is room for them. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --line: light-dark(#ddd, #444);
  --soft: light-dark(#5c5c5c, #aaa);
  --run: light-dark(#0a62a9, #6cb8f5);
  --good: light-dark(#2e7d32, #81c784);
  --bad: light-dark(#b71c1c, #f28b82);
  --card: light-dark(#fff, #1d1d1d);
  --button: light-dark(#f2f2f2, #2c2c2c);
}
* { box-sizing: border-box; }
body { background: light-dark(#fafafa, #121212); font: 14px/1.45 system-ui, sans-serif; margin: 0 auto; max-width: 90rem; overflow-wrap: anywhere; padding: 1rem; }
h1 { font-size: 1.25rem; margin: 0; }
h2 { font-size: 1rem; margin: 1.25rem 0 .5rem; }
h3 { font-size: 1em; margin: 0; }
p, ul, ol, dl, figure { margin: .35rem 0; padding: 0; }
ul, ol { list-style: none; }
header, .row { align-items: baseline; display: flex; flex-wrap: wrap; gap: .15rem 1rem; justify-content: space-between; }
a { color: inherit; }
nav { display: flex; flex-wrap: wrap; gap: .15rem 1rem; margin-top: .35rem; }
code { font: 12px ui-monospace, monospace; }
.soft { color: var(--soft); }
.bad, .lost { color: var(--bad); }
.lost { font-weight: 600; }
.hidden { clip-path: inset(50%); height: 1px; overflow: hidden; position: absolute; white-space: nowrap; width: 1px; }
article, #schedules > ul > li, #agents > ul > li { background: var(--card); border: 1px solid var(--line); border-radius: 6px; margin-bottom: .5rem; padding: .6rem .8rem; }
#notice { background: var(--card); border: 1px solid currentcolor; border-radius: 6px; margin: .5rem 0 0; padding: .4rem .8rem; position: sticky; top: .5rem; z-index: 1; }
#notice:empty { border: 0; margin: 0; padding: 0; }
dl { display: grid; gap: 0 .75rem; grid-template-columns: auto 1fr; }
dt { color: var(--soft); }
dd { margin: 0; }
.phases { color: var(--soft); display: flex; flex-wrap: wrap; gap: 0 1.1rem; }
.phases .now { color: var(--run); font-weight: 600; }
.phases .SUCCESS { color: var(--good); }
.phases .ERROR { color: var(--bad); }
progress { accent-color: var(--run); height: .6rem; width: 100%; }
.status { font-weight: 600; white-space: nowrap; }
.status.SUCCESS, .status.AVAILABLE, .status.ONLINE { color: var(--good); }
.status.ERROR, .status.CANCELLING, .status.UNAVAILABLE, .status.OFFLINE { color: var(--bad); }
.status.RUNNING, .status.LAUNCHING, .status.PREPARING, .status.TRANSFERRING, .status.VERIFYING { color: var(--run); }
svg { border-bottom: 1px solid var(--line); display: block; height: 60px; width: 100%; }
svg .area { fill: var(--run); opacity: .2; }
svg .line { fill: none; stroke: var(--run); stroke-width: 1.5; vector-effect: non-scaling-stroke; }
svg .limit { fill: none; stroke: var(--bad); stroke-dasharray: 4 4; vector-effect: non-scaling-stroke; }
figcaption { display: flex; font-size: 12px; gap: .5rem; justify-content: space-between; }
details li { border-top: 1px solid var(--line); padding: .25rem 0; }
summary { cursor: pointer; width: fit-content; }
.controls { align-items: center; display: flex; flex-wrap: wrap; gap: .5rem; justify-content: flex-end; margin-top: .4rem; }
button, input { background: var(--button); border: 1px solid var(--soft); border-radius: 5px; color: inherit; font: inherit; min-height: 2rem; padding: .2rem .8rem; }
button { cursor: pointer; }
button:hover { border-color: currentcolor; }
button.danger { border-color: var(--bad); color: var(--bad); }
input { width: 7rem; }
:focus-visible { outline: 3px solid var(--run); outline-offset: 2px; }
@media (min-width: 60rem) {
  main { align-items: start; display: grid; gap: 0 1.5rem; grid-template-columns: 3fr 2fr; }
}
@media (prefers-reduced-motion: reduce) {
  progress:indeterminate { appearance: none; }
}
`;
