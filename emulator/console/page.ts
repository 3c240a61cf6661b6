import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { STYLE } from './style';

/** What is bundled of `page/`, of the installed package, or of the sources. */
const SCRIPTS = ['../console/page/main/index.js', '../../assets/emulator/console/page/main/index.js'].map(path => join(__dirname, path));

/** The page at `/`: one document, nothing from elsewhere. */
export interface ConsolePage {
  readonly html: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Sections, one column each where there is room for two. */
const LEFT = ['Running', 'Queue', 'Ended'];
const RIGHT = ['Tasks', 'Schedules', 'Agents'];

let made: ConsolePage | undefined;

/** The page is made when it is first asked for: most who start an emulator never look at it. */
export function consolePage(): ConsolePage {
  return made ??= pageOf(readFileSync(SCRIPTS.find(path => existsSync(path)) ?? SCRIPTS[0], 'utf8'));
}

function pageOf(script: string): ConsolePage {
  return { html: htmlOf(script), headers: headersOf(script) };
}

function htmlOf(script: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>datasync-emulator</title>
<link rel="icon" href="data:,">
<style>${STYLE}</style>
</head>
<body>
<header><h1>datasync-emulator</h1><span id="connection" class="soft" role="status">connecting</span></header>
<nav aria-label="sections">${[...LEFT, ...RIGHT].map(title => `<a href="#${idOf(title)}-title">${title}</a>`).join(' ')}</nav>
<p id="notice" role="status"></p>
<p id="announcements" class="hidden" role="status"></p>
<main>
<div>${LEFT.map(section).join('\n')}</div>
<div>${RIGHT.map(section).join('\n')}</div>
</main>
<noscript>This page needs JavaScript. <code>npx cdk-datasync status --watch</code> shows tasks and executions in a terminal.</noscript>
<script>${script}</script>
</body>
</html>
`;
}

function section(title: string): string {
  const id = idOf(title);
  return `<section aria-labelledby="${id}-title"><h2 id="${id}-title">${title}</h2><div id="${id}"><p class="soft">loading</p></div></section>`;
}

/** Where the script puts what it shows. */
function idOf(title: string): string {
  return title.toLowerCase();
}

/** Nothing but the page's own script and style runs, no text becomes markup, it talks to this server only, and no other page may frame it. */
function headersOf(script: string): ConsolePage['headers'] {
  return {
    'Content-Security-Policy': [
      "default-src 'none'",
      `script-src '${hashOf(script)}'`,
      `style-src '${hashOf(STYLE)}'`,
      'img-src data:',
      "connect-src 'self'",
      "base-uri 'none'",
      "form-action 'none'",
      "require-trusted-types-for 'script'",
      "trusted-types 'none'",
      "frame-ancestors 'none'",
    ].join('; '),
    'Referrer-Policy': 'no-referrer',
    'X-Frame-Options': 'DENY',
  };
}

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}
