import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import { extname, join, normalize } from 'node:path';

/** A refusal as a problem document. */
export class Problem extends Error {
  constructor(status, code, detail) {
    super(detail);
    Object.assign(this, { status, code });
  }
}

// As strict as the appliance means to be, so that a screen which breaks it breaks here first.
const policy =
  "default-src 'self'; connect-src 'self' ws: wss:; img-src 'self'; style-src 'self'; " +
  "script-src 'self'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'";
const types = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};

async function sendFile(response, root, path) {
  const file = normalize(path.endsWith('/') ? `${path}index.html` : path);
  try {
    const bytes = await readFile(join(root, file));
    const type = types[extname(file)] ?? 'application/octet-stream';
    response.writeHead(200, { 'content-type': type, 'content-security-policy': policy });
    response.end(bytes);
  } catch {
    response.writeHead(404).end('not found');
  }
}

async function readBody(request) {
  let text = '';
  for await (const chunk of request) text += chunk;
  return text ? JSON.parse(text) : {};
}

function sendJson(response, status, body) {
  const type = status >= 400 ? 'application/problem+json' : 'application/json';
  response.writeHead(status, { 'content-type': type }).end(JSON.stringify(body));
}

function refuse(response, error) {
  const { status = 500, code = 'internal', message: detail } = error;
  if (status === 500) console.error(error);
  sendJson(response, status, { type: `/problems/${code}`, title: code, status, code, detail });
}

/** Routes are `[method, pattern, handler]`; a handler gets path parts, query and body. */
export function serve({ routes, root, idempotent = new Map() }) {
  const table = routes.map(([method, pattern, handler, status = 200]) => ({
    method,
    handler,
    status,
    pattern: new RegExp(`^${pattern.replace(/:(\w+)/g, '(?<$1>[^/]+)')}$`),
  }));
  return createServer(async (request, response) => {
    const url = new URL(request.url, 'http://localhost');
    const path = decodeURIComponent(url.pathname);
    const route = table.find((row) => row.method === request.method && row.pattern.test(path));
    if (!route) return sendFile(response, root, url.pathname);
    try {
      const key = request.headers['idempotency-key'];
      const api = path.startsWith('/api/');
      if (api && request.method === 'POST' && !key) {
        throw new Problem(400, 'idempotency_key_missing', 'This request carries no key.');
      }
      const body = request.method === 'POST' ? await readBody(request) : {};
      if (key && idempotent.has(key)) return sendJson(response, ...idempotent.get(key));
      const parts = route.pattern.exec(path).groups ?? {};
      const answer = await route.handler({ ...parts, query: url.searchParams, body });
      if (key) idempotent.set(key, [route.status, answer]);
      sendJson(response, route.status, answer);
    } catch (error) {
      refuse(response, error);
    }
  });
}
