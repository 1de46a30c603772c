import { defineConfig } from '@playwright/test';

// Debian's own browser; Playwright's download is never used.
const executablePath = process.env.OUTPOST_CHROMIUM ?? '/usr/bin/chromium';

export default defineConfig({
  testDir: '.',
  // The first page of a loaded machine takes most of a minute.
  timeout: 120_000,
  expect: { timeout: 10_000 },
  // One store and one headquarters serve every test, and some tests count sales.
  workers: 1,
  fullyParallel: false,
  forbidOnly: true,
  retries: 0,
  reporter: [['list']],
  outputDir: 'test-results',
  use: {
    viewport: { width: 1280, height: 800 },
    locale: 'en-IE',
    trace: 'retain-on-failure',
    launchOptions: {
      executablePath,
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        '--font-render-hinting=none',
      ],
    },
  },
});
