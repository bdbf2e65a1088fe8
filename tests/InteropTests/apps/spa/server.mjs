// Serves the browser-only app: nothing but files. Settings come from the environment: PORT, ISSUER, CLIENT_ID
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';

const { PORT, ISSUER, CLIENT_ID } = process.env;
const file = (name) => new URL(name, import.meta.url);
const files = {
  '/': [file('index.html'), 'text/html'],
  '/callback': [file('index.html'), 'text/html'],
  '/goodbye': [file('index.html'), 'text/html'],
  '/silent': [file('silent.html'), 'text/html'],
  '/app.js': [file('app.js'), 'text/javascript'],
  '/silent.js': [file('silent.js'), 'text/javascript'],
  '/oidc-client-ts.js': [file('../node_modules/oidc-client-ts/dist/browser/oidc-client-ts.min.js'), 'text/javascript'],
};

createServer(async (request, response) => {
  const { pathname } = new URL(request.url, 'http://127.0.0.1');
  if (pathname === '/settings.json') {
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ issuer: ISSUER, clientId: CLIENT_ID }));
  } else if (files[pathname]) {
    const [path, type] = files[pathname];
    response.writeHead(200, { 'content-type': `${type}; charset=utf-8` }).end(await readFile(path));
  } else {
    response.writeHead(pathname === '/favicon.ico' ? 204 : 404).end();
  }
}).listen(Number(PORT), '127.0.0.1');
