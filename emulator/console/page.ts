import { createHash } from 'node:crypto';
import { SCRIPT } from './page-script';

const STYLE = `
:root {
  color-scheme: light dark;
  --line: #8883;
  --soft: light-dark(#666, #aaa);
  --run: light-dark(#0a6ebd, #6cb8f5);
  --good: light-dark(#2e7d32, #81c784);
  --bad: light-dark(#c62828, #ef8a8a);
}
* { box-sizing: border-box; }
body { font: 14px/1.45 system-ui, sans-serif; margin: 0 auto; max-width: 70rem; padding: 1rem; }
h1 { font-size: 1.25rem; margin: 0; }
h2 { font-size: 1rem; margin: 1.5rem 0 .5rem; }
header { align-items: baseline; display: flex; flex-wrap: wrap; gap: .25rem 1rem; justify-content: space-between; }
#connection, .soft { color: var(--soft); }
#connection.lost { color: var(--bad); font-weight: 600; }
table { border-collapse: collapse; width: 100%; }
th { color: var(--soft); font-weight: 500; text-align: left; white-space: nowrap; }
#tasks { overflow-x: auto; }
th, td { border-bottom: 1px solid var(--line); padding: .35rem .75rem .35rem 0; vertical-align: top; }
td.number, th.number { text-align: right; }
article { border: 1px solid var(--line); border-radius: 6px; margin-bottom: .6rem; padding: .6rem .8rem; }
article > div { display: flex; flex-wrap: wrap; gap: .1rem 1rem; justify-content: space-between; overflow-wrap: anywhere; }
code { font: 12px ui-monospace, monospace; }
ol { display: flex; gap: 1.1rem; list-style: none; margin: .3rem 0; padding: 0; }
li { color: var(--soft); }
li.now { color: var(--run); font-weight: 600; }
li.SUCCESS { color: var(--good); }
li.ERROR { color: var(--bad); }
progress { accent-color: var(--run); height: .6rem; width: 100%; }
.status { font-weight: 600; white-space: nowrap; }
.status.SUCCESS, .status.AVAILABLE { color: var(--good); }
.status.ERROR, .status.CANCELLING, .status.UNAVAILABLE { color: var(--bad); }
.status.RUNNING, .status.LAUNCHING, .status.PREPARING, .status.TRANSFERRING, .status.VERIFYING { color: var(--run); }
.error { color: var(--bad); }
`;

/** The page at `/`: one document, nothing from elsewhere. */
export const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>datasync-emulator</title>
<link rel="icon" href="data:,">
<style>${STYLE}</style>
</head>
<body>
<header><h1>datasync-emulator</h1><span id="connection" role="status">connecting</span></header>
<main>
<h2>Executions</h2>
<div id="executions"><p class="soft">loading</p></div>
<h2>Tasks</h2>
<div id="tasks"><p class="soft">loading</p></div>
</main>
<noscript>This page needs JavaScript. <code>npx cdk-datasync status --watch</code> shows the same in a terminal.</noscript>
<script>${SCRIPT}</script>
</body>
</html>
`;

/** Nothing but the page's own script and style runs, it talks to this server only, and no other page may frame it. */
export const PAGE_HEADERS: Readonly<Record<string, string>> = {
  'Content-Security-Policy': [
    "default-src 'none'",
    `script-src '${hashOf(SCRIPT)}'`,
    `style-src '${hashOf(STYLE)}'`,
    'img-src data:',
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'Referrer-Policy': 'no-referrer',
  'X-Frame-Options': 'DENY',
};

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}
