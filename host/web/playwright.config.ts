/**
 * The pages in Chromium, against the real binary with a company of its own. Every test runs at the sizes, in the languages and
 * in the looks that its name asks for: `@full` (all eight), `@two` (the most different two) or else pairwise (four of them).
 */
import { existsSync } from 'node:fs';
import { defineConfig, type PlaywrightTestConfig } from '@playwright/test';
import type { Look } from './e2e/kit/look.ts';

const target = process.env.DAYBREAK_TARGET ?? '../../target/pages';

const browser = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) =>
  existsSync(path),
);

const SIZES = { phone: { width: 390, height: 844 }, desktop: { width: 1440, height: 900 } } as const;

/** Each two of size, language and theme meet in one of these. */
const PAIRWISE = new Set(['phone zh-CN light', 'phone en dark', 'desktop zh-CN dark', 'desktop en light']);

/** For what has been seen elsewhere already, and takes its time. */
const TWO = new Set(['phone zh-CN light', 'desktop en light']);

const looks: Look[] = (['phone', 'desktop'] as const).flatMap((size) =>
  (['zh-CN', 'en'] as const).flatMap((language) =>
    (['light', 'dark'] as const).map((theme) => ({ size, language, theme })),
  ),
);

const projects: PlaywrightTestConfig<{ look: Look }>['projects'] = looks.map((look) => {
  const name = `${look.size} ${look.language} ${look.theme}`;
  return {
    name,
    ...(!PAIRWISE.has(name) && { grep: /@full/ }),
    ...(!TWO.has(name) && { grepInvert: /@two/ }),
    use: {
      look,
      viewport: SIZES[look.size],
      hasTouch: look.size === 'phone',
      isMobile: look.size === 'phone',
      deviceScaleFactor: look.size === 'phone' ? 2 : 1,
      locale: look.language,
      colorScheme: look.theme,
    },
  };
});

export default defineConfig<{ look: Look }>({
  testDir: 'e2e',
  testMatch: '*.test.ts',
  globalSetup: './e2e/kit/setup.ts',
  outputDir: `${target}/results`,
  // One company, one host: tests that change something make a person of their own.
  workers: 1,
  fullyParallel: false,
  forbidOnly: true,
  retries: 0,
  // Slow machines take their time; nothing here measures it.
  timeout: 120_000,
  expect: { timeout: 20_000 },
  reporter: [['list'], ['html', { outputFolder: `${target}/report`, open: 'never' }]],
  use: {
    launchOptions: {
      ...(browser !== undefined && { executablePath: browser }),
      // Chromium refuses its sandbox to root. Nothing but our own pages is opened.
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
    trace: 'retain-on-failure',
  },
  projects,
});
