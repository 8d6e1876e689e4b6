/** The demonstration company through the eyes of the four people that the sign-in page offers. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator, Page } from '@playwright/test';
import { people, ROLES, serveDemonstration, type Role } from './kit/demonstration.ts';
import type { Host } from './kit/host.ts';
import { expect, still, test as base } from './kit/test.ts';

/** Pictures of the README are made anew only when somebody asks for them. */
const PICTURES =
  process.env.DAYBREAK_PICTURES === undefined ? undefined : join(import.meta.dirname, '../../docs/pictures');

type Kit = {
  /** Goes in as one of the four, by their button. */
  goInAs: (role: Role) => Promise<void>;
  /** Keeps what is on the screen for the README. */
  pictureForReadme: (name: string) => Promise<void>;
};

const test = base.extend<Kit, { host: Host }>({
  host: [
    // eslint-disable-next-line no-empty-pattern -- The library reads the names of what a fixture needs from this pattern.
    async ({}, use) => {
      const host = await serveDemonstration();
      await use(host);
      await host.stop();
    },
    { scope: 'worker' },
  ],

  goInAs: async ({ page, look }, use) => {
    await use(async (role) => {
      await page.goto('/sign-in');
      await buttons(page).nth(ROLES.indexOf(role)).click();
      await expect(page.getByRole('heading', { level: 1, name: TEXTS[look.language].today })).toBeVisible();
    });
  },

  pictureForReadme: async ({ page }, use) => {
    await use(async (name) => {
      if (PICTURES !== undefined) {
        // The pointer rests where the button was; no link is to look as if it were chosen.
        await page.mouse.move(0, 0);
        await still(page);
        mkdirSync(PICTURES, { recursive: true });
        await page.screenshot({ path: join(PICTURES, `${name}.png`) });
      }
    });
  },
});

/** The buttons with which one goes in: the only ones in a list on the page. */
const buttons = (page: Page): Locator => page.getByRole('main').getByRole('listitem').getByRole('button');

const TEXTS = {
  'zh-CN': {
    today: '今天',
    roles: ['员工', '主管', 'HRBP', '管理员'],
    now: '2026年6月至今',
    oneThing: '眼下最有帮助的一件事',
    visits: '客户拜访数',
    evidence: '依据的业务事实',
    receipt: '计分凭证',
    again: '重新计算一遍',
    equal: '逐位一致',
    growth: '成长',
    growthMap: '成长图谱',
    timeLine: '时间线',
    radar: '各维度',
    team: '团队',
    needing: '值得聊一聊',
    fell: '少了',
    silent: '没有采购',
    questions: '疑问',
    setUp: '设置',
    people: '人员',
    indicators: '指标',
    plugins: '插件',
    scorecards: '考核方案',
  },
  en: {
    today: 'Today',
    roles: ['Employee', 'Manager', 'HR partner', 'Administrator'],
    now: 'June 2026 so far',
    oneThing: 'What would help most now',
    visits: 'Customer visits',
    evidence: 'The facts it rests on',
    receipt: 'Receipt',
    again: 'Compute it again',
    equal: 'Equal, bit for bit',
    growth: 'Growth',
    growthMap: 'Growth map',
    timeLine: 'Time line',
    radar: 'By dimension',
    team: 'Team',
    needing: 'Worth a word',
    fell: 'fewer',
    silent: 'No purchase',
    questions: 'Questions',
    setUp: 'Set-up',
    people: 'People',
    indicators: 'Indicators',
    plugins: 'Plugins',
    scorecards: 'Scorecards',
  },
};

const inNavigation = (page: Page, name: string) =>
  page.getByRole('navigation').getByRole('link', { name, exact: true });

test('@two four people are offered, each as what they are', async ({
  page,
  look,
  picture,
  checkAccessibility,
}) => {
  await page.goto('/sign-in');
  await expect(buttons(page)).toHaveText(
    Object.values(people()).map(
      ({ name }, at) => new RegExp(`^${TEXTS[look.language].roles[at] ?? ''}.*${name}`),
    ),
  );
  await checkAccessibility();
  await picture('demonstration-sign-in');
});

test('@two a sales representative sees her month, and opens a number down to its facts', async ({
  page,
  look,
  goInAs,
  picture,
  pictureForReadme,
  checkAccessibility,
}) => {
  const texts = TEXTS[look.language];
  const { employee, manager } = people();
  await goInAs('employee');
  const month = page.getByRole('main').getByRole('region').first();
  await expect(month).toContainText(/\d+\.\d/);
  await expect(month.getByText(texts.oneThing)).toBeInViewport();
  const visits = page.getByRole('article', { name: texts.visits });
  await expect(visits.getByRole('img', { name: texts.visits })).toHaveAccessibleName(/\d/);
  expect(await page.getByRole('article').count()).toBeGreaterThan(4);
  // Of others she is offered nothing.
  await expect(inNavigation(page, texts.team)).toHaveCount(0);
  await expect(inNavigation(page, texts.setUp)).toHaveCount(0);
  await expect(page.getByText(manager.name)).toHaveCount(0);
  await checkAccessibility();
  await picture('demonstration-day');
  if (look.size === 'phone') {
    await pictureForReadme('my-day');
  }

  await visits.getByRole('link', { name: texts.visits }).click();
  await expect(page).toHaveURL(new RegExp(`/people/${employee.id}/indicators/visits`));
  const evidence = page.getByRole('region', { name: texts.evidence });
  await expect(evidence.getByText(/^V-\d{6}-\d+/).first()).toBeVisible();
  await checkAccessibility();
  await picture('demonstration-indicator');
  if (look.size === 'desktop') {
    await pictureForReadme('indicator');
  }
  const receipt = page.getByRole('region', { name: texts.receipt });
  await receipt.getByRole('button', { name: texts.again }).click();
  await expect(receipt.getByRole('status')).toContainText(texts.equal);

  await inNavigation(page, texts.growth).click();
  await expect(page.getByRole('heading', { level: 1, name: texts.growthMap })).toBeVisible();
  await expect(
    page.getByRole('region', { name: texts.timeLine }).getByRole('heading', { level: 3 }).first(),
  ).toContainText(/\d+\.\d/);
  await expect(page.getByRole('region', { name: texts.radar })).toBeVisible();
  await checkAccessibility();
  await picture('demonstration-growth');
});

test('@two her manager sees who needs a word and why, and is one tap away from each', async ({
  page,
  look,
  goInAs,
  picture,
  checkAccessibility,
}) => {
  const texts = TEXTS[look.language];
  const { employee } = people();
  await goInAs('manager');
  await inNavigation(page, texts.team).click();
  await expect(page.getByRole('heading', { level: 1, name: texts.team })).toBeVisible();
  const needing = page.getByRole('region', { name: texts.needing });
  // What the demonstration is about: a customer of hers fell silent.
  await expect(needing).toContainText(texts.silent);
  await checkAccessibility();
  await picture('demonstration-team');
  await page.getByRole('main').getByRole('link', { name: employee.name }).first().click();
  await expect(page).toHaveURL(new RegExp(`/people/${employee.id}/`));
  await expect(page.getByRole('heading', { level: 1 })).toContainText(employee.name);
});

test('@two an HR partner looks after questions and people', async ({
  page,
  look,
  goInAs,
  picture,
  checkAccessibility,
}) => {
  const texts = TEXTS[look.language];
  const { employee } = people();
  await goInAs('hrPartner');
  await inNavigation(page, texts.questions).click();
  await expect(page.getByRole('heading', { level: 1, name: texts.questions })).toBeVisible();
  await checkAccessibility();
  await picture('demonstration-questions');
  await inNavigation(page, texts.setUp).click();
  await page.getByRole('main').getByRole('link', { name: texts.people }).first().click();
  await page.getByRole('searchbox').fill(employee.name);
  const found = page.getByRole('list', { name: texts.people }).getByRole('link');
  await expect(found).toHaveCount(1);
  await found.click();
  await expect(page.getByRole('heading', { level: 1, name: employee.name })).toBeVisible();
  await checkAccessibility();
  await picture('demonstration-person');
});

test('@two an administrator finds everything that counts set up', async ({
  page,
  look,
  goInAs,
  picture,
  checkAccessibility,
}) => {
  const texts = TEXTS[look.language];
  await goInAs('administrator');
  const open = async (name: string) => {
    await inNavigation(page, texts.setUp).click();
    await expect(page.getByRole('heading', { level: 1, name: texts.setUp })).toBeVisible();
    await page
      .getByRole('main')
      .getByRole('link', { name: new RegExp(`^${name}`) })
      .first()
      .click();
    await expect(page.getByRole('heading', { level: 1, name })).toBeVisible();
  };
  await open(texts.indicators);
  await expect(page.getByRole('main').getByText(texts.visits, { exact: true }).first()).toBeVisible();
  await open(texts.plugins);
  await expect(page.getByRole('main').getByText('customer-risk').first()).toBeVisible();
  await checkAccessibility();
  await picture('demonstration-plugins');
  await open(texts.scorecards);
  await expect(page.getByRole('main').getByRole('link').nth(1)).toBeVisible();
  await checkAccessibility();
  await picture('demonstration-scorecards');
});
