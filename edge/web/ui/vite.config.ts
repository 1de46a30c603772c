import { resolve } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';
import { budgets } from './build/budgets.ts';
import { precompress } from './build/precompress.ts';

// One project, two homes: each binary embeds only the screens that it serves.
const outputs = {
  store: { screens: ['pos', 'kitchen', 'gate'], dir: '../assets/dist' },
  hq: { screens: ['dashboard'], dir: '../../../cloud-sync/server/assets/dist' },
};

export default defineConfig(({ mode }) => {
  const output = mode === 'hq' ? outputs.hq : outputs.store;
  const here = import.meta.dirname;
  return {
    base: '/',
    appType: 'mpa',
    plugins: [react(), budgets(), precompress()],
    build: {
      outDir: resolve(here, output.dir),
      emptyOutDir: true,
      target: 'es2023',
      // Inlined files would need `data:` in the content security policy.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      rollupOptions: {
        input: Object.fromEntries(
          output.screens.map((screen) => [screen, resolve(here, screen, 'index.html')]),
        ),
      },
    },
    server: {
      proxy: {
        '/api': { target: process.env.OUTPOST_API ?? 'http://127.0.0.1:4100', ws: true },
      },
    },
    test: { environment: 'happy-dom', include: ['src/**/*.test.{ts,tsx}'] },
  };
});
