/**
 * What every test of the pages stands on: the host, a page in the look of the project, guards that fail a test on any error in
 * the console and any request that leaves the host, and ways to sign in, to look and to check for accessibility.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import { test as base, expect, type Page } from '@playwright/test';
import { PASSWORD, PEOPLE, SCREENSHOTS, type Who } from './company.ts';
import { serveAsAsked, type Host } from './host.ts';
import type { Look } from './look.ts';

type Kit = {
  look: Look;
  /** Errors in the console that the test itself provokes: parts of their texts. */
  expectedErrors: string[];
  guards: undefined;
  /** Signs somebody in, without going through the page. */
  signIn: (who: Who) => Promise<void>;
  /** Waits until the page is still, then keeps a picture of the screen and one of the whole page. */
  picture: (name: string) => Promise<void>;
  /** Fails on serious violations of WCAG 2.2 AA. */
  checkAccessibility: () => Promise<void>;
};

export const test = base.extend<Kit, { host: Host }>({
  look: [{ size: 'phone', language: 'zh-CN', theme: 'light' }, { option: true }],
  expectedErrors: [[], { option: true }],

  host: [
    // eslint-disable-next-line no-empty-pattern -- The library reads the names of what a fixture needs from this pattern.
    async ({}, use) => {
      const host = await serveAsAsked();
      await use(host);
      await host.stop();
    },
    { scope: 'worker' },
  ],

  baseURL: async ({ host }, use) => {
    await use(host.address);
  },

  guards: [
    async ({ page, host, expectedErrors }, use) => {
      const wrong: string[] = [];
      page.on('console', (message) => {
        if (message.type() === 'error' && !expectedErrors.some((part) => message.text().includes(part))) {
          wrong.push(message.text());
        }
      });
      page.on('pageerror', (error) => {
        wrong.push(String(error));
      });
      page.on('request', (request) => {
        if (!request.url().startsWith(host.address) && !request.url().startsWith('data:')) {
          wrong.push(`a request leaves the host: ${request.url()}`);
        }
      });
      await use(undefined);
      expect(wrong).toEqual([]);
    },
    { auto: true },
  ],

  signIn: async ({ page }, use) => {
    await use(async (who) => {
      const data = { login: PEOPLE[who].login, password: PASSWORD };
      const answer = await page.request.post('/api/v1/session', { data });
      expect(answer.ok()).toBe(true);
    });
  },

  picture: async ({ page, look }, use) => {
    await use(async (name) => {
      await still(page);
      const folder = join(SCREENSHOTS, name);
      mkdirSync(folder, { recursive: true });
      const path = join(folder, `${look.size}-${look.language}-${look.theme}`);
      await page.screenshot({ path: `${path}.png` });
      await page.screenshot({ path: `${path}-whole.png`, fullPage: true });
    });
  },

  checkAccessibility: async ({ page }, use) => {
    await use(async () => {
      await still(page);
      const { violations } = await new AxeBuilder({ page })
        .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
        .analyze();
      const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
      const found = serious.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
      expect(found).toEqual([]);
    });
  },
});

/** Brings every chart into view, so that it is drawn, and waits until nothing moves any more: no wheel turns for ever. */
export async function still(page: Page) {
  const charts = page.locator('[role="img"][data-chart]');
  for (const chart of await charts.all()) {
    await chart.scrollIntoViewIfNeeded();
    await expect(chart).toHaveAttribute('data-drawn', '');
  }
  await page.evaluate(() => {
    window.scrollTo(0, 0);
  });
  await expect.poll(() => page.evaluate(moving)).toEqual([]);
}

/** What moves now, described by the element that does. */
function moving() {
  const running = document.getAnimations().filter(({ playState }) => playState === 'running');
  return running.map(({ effect }) =>
    effect instanceof KeyframeEffect ? effect.target?.outerHTML.slice(0, 200) : '',
  );
}

export { expect };
