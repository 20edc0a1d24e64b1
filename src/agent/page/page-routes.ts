// The page for people: files that are read once, and what they show.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Handler, Routes } from '../http/http-server.js';
import { respond } from '../http/respond.js';
import type { Overview } from './overview.js';

const folder = new URL('./public/', import.meta.url);

const mediaTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** What the page may do: load what comes from here, and nothing that is written into it. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** `/`, `/page/FILE` and `/overview`. */
export function createPageRoutes(overview: Overview): Routes {
  const files = readdirSync(folder).map((name) => [`/page/${name}`, { GET: serveFile(name) }]);
  return {
    ...Object.fromEntries(files),
    '/': { GET: serveFile('index.html') },
    '/overview': {
      GET: ({ response }) =>
        respond(response, 200, JSON.stringify(overview.read()), { 'Content-Type': 'application/json' }),
    },
  };
}

function serveFile(name: string): Handler {
  const body = readFileSync(new URL(name, folder));
  const headers = {
    'Content-Type': mediaTypes[path.extname(name)] ?? 'application/octet-stream',
    'Content-Security-Policy': policy,
  };
  return ({ response }) => respond(response, 200, body, headers);
}
