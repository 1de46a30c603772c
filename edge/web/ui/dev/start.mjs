// `npm run dev`: the fake servers, with the store's screens on 5173 and headquarters' on 5174.
import { createServer } from 'vite';
import './server.mjs';

for (const [mode, port, api] of [
  ['store', 5173, 'http://127.0.0.1:4100'],
  ['hq', 5174, 'http://127.0.0.1:4101'],
]) {
  process.env.OUTPOST_API = api;
  const server = await createServer({ mode, server: { port } });
  await server.listen();
  server.printUrls();
}
