import { PEOPLE } from './kit/company.ts';
import { expect, test } from './kit/test.ts';

const TEXTS = {
  'zh-CN': {
    title: '考核方案',
    sales: '销售考核方案',
    percent: (name: string) => `${name}的百分比`,
    pull: (name: string) => `${name}的权重，滑动调整`,
    lock: (name: string) => `锁定${name}：应急和临时调整也不能改动`,
    total: '合计 100%',
    sign: '签署权重',
    signed: '已签署',
    discard: '放弃修改',
    visits: '客户拜访次数',
    sold: '销售额',
    hours: '客户答复时长',
    tasks: '完成任务数',
    kept: '您上次的修改还在这里，尚未签署。',
    from: '从哪天起生效',
    shares: '权重与调权',
    newCard: '新的考核方案',
    september: '2026年9月1日',
  },
  en: {
    title: 'Scorecards',
    sales: 'Sales',
    percent: (name: string) => `Percent of ${name}`,
    pull: (name: string) => `Share of ${name}, to be pulled`,
    lock: (name: string) => `Lock ${name}: no crisis and no manager changes it`,
    total: 'Total 100%',
    sign: 'Sign the shares',
    signed: 'Signed',
    discard: 'Discard the changes',
    visits: 'Customer visits',
    sold: 'Sales',
    hours: 'Hours to answer a customer',
    tasks: 'Tasks finished',
    kept: 'Your changes of last time are still here, not signed yet.',
    from: 'Holds from',
    shares: 'How much it counts',
    newCard: 'A new scorecard',
    september: 'Sep 1, 2026',
  },
};

test('the share editor always totals 100 %, by keyboard too, and signs what it shows', async ({
  page,
  look,
  signIn,
  picture,
  checkAccessibility,
}) => {
  const texts = TEXTS[look.language];
  await signIn('administrator');
  await page.goto('/setup/scorecards');
  await expect(page.getByRole('heading', { level: 1, name: texts.title })).toBeVisible();
  await checkAccessibility();
  await picture('scorecards');
  await page.getByRole('link', { name: texts.sales }).click();
  const field = (name: string) => page.getByRole('textbox', { name: texts.percent(name), exact: true });
  await expect(field(texts.tasks)).toHaveValue('15');
  await checkAccessibility();
  await picture('scorecard');

  // Each look of the test signs other shares, and leaves those that the next one begins with.
  await field(texts.tasks).fill('30');
  await field(texts.tasks).press('Enter');
  await expect(field(texts.sold)).toHaveValue('32.9412');
  await expect(page.getByText(texts.total)).toBeVisible();

  // By keyboard: one step of the slider is one percent.
  const slider = page.getByRole('slider', { name: texts.pull(texts.tasks) });
  await slider.focus();
  await slider.press('ArrowRight');
  await expect(field(texts.tasks)).toHaveValue('31');

  // A locked share stays.
  const hours = await field(texts.hours).inputValue();
  await page.getByRole('button', { name: texts.lock(texts.hours) }).click();
  await expect(field(texts.hours)).toBeDisabled();
  await field(texts.tasks).fill('10');
  await field(texts.tasks).press('Tab');
  await expect(field(texts.hours)).toHaveValue(hours);
  await expect(page.getByText(texts.total)).toBeVisible();
  await picture('scorecard-changed');

  // What was changed is kept when the page is loaded again.
  await page.reload();
  await expect(page.getByText(texts.kept)).toBeVisible();
  await expect(field(texts.tasks)).toHaveValue('10');
  await page.getByRole('button', { name: texts.discard }).click();
  await expect(field(texts.tasks)).toHaveValue('15');

  await field(texts.tasks).fill('16');
  await field(texts.tasks).press('Enter');
  await page.getByRole('button', { name: texts.sign }).click();
  const sent = page.waitForRequest((request) => request.method() === 'PUT');
  await page.getByRole('tooltip').getByRole('button', { name: texts.sign }).click();
  const { indicators } = (await sent).postDataJSON() as { indicators: { share?: number }[] };
  expect(indicators.reduce((sum, { share = 0 }) => sum + share, 0)).toBe(1_000_000);
  await expect(page.getByRole('status').filter({ hasText: texts.signed })).toBeVisible();
  await expect(field(texts.tasks)).toHaveValue('16');
  await picture('scorecard-signed');

  // Whoever is concerned reads who signed what, and when.
  await page.goto('/people/han-mei/indicators/tasks-done');
  const shares = page.getByRole('region', { name: texts.shares });
  await expect(shares).toContainText(texts.newCard);
  await expect(shares).toContainText('16%');
  await expect(shares).toContainText(PEOPLE.administrator.name);
  await checkAccessibility();
  await picture('indicator-signed');

  const card = (await (await page.request.get('/api/v1/scorecards/sales')).json()) as Record<string, unknown>;
  const { title, place, dimensions } = card;
  const data = { title, place, dimensions, from: '2026-06-24', indicators: START };
  expect((await page.request.put('/api/v1/scorecards/sales', { data })).ok()).toBe(true);
});

test('what is signed for a later day is shown, told before, and edited on from there', async ({
  page,
  look,
  signIn,
  picture,
}) => {
  const texts = TEXTS[look.language];
  await signIn('administrator');
  const card = (await (await page.request.get('/api/v1/scorecards/sales')).json()) as Record<string, unknown>;
  const { title, place, dimensions } = card;
  const set = async (from: string, indicators: typeof START) => {
    const data = { title, place, dimensions, from, indicators };
    expect((await page.request.put('/api/v1/scorecards/sales', { data })).ok()).toBe(true);
  };
  const shares: Record<string, number> = { sales: 350_000, visits: 250_000 };
  await set(
    '2026-09-01',
    START.map((entry) => ({
      ...entry,
      ...(entry.indicator in shares && { share: shares[entry.indicator] }),
    })),
  );
  await page.goto('/setup/scorecards/sales');
  const field = (name: string) => page.getByRole('textbox', { name: texts.percent(name), exact: true });
  await expect(field(texts.sold)).toHaveValue('40');
  await expect(page.getByRole('note')).toContainText(texts.september);
  await picture('scorecard-next');
  await page.getByLabel(texts.from).fill('2026-09-15');
  await expect(field(texts.sold)).toHaveValue('35');
  await expect(page.getByRole('note')).toHaveCount(0);
  await field(texts.tasks).fill('20');
  await field(texts.tasks).press('Enter');
  await page.getByRole('button', { name: texts.sign }).click();
  const sent = page.waitForRequest((request) => request.method() === 'PUT');
  await page.getByRole('tooltip').getByRole('button', { name: texts.sign }).click();
  expect((await sent).postDataJSON()).toMatchObject({ from: '2026-09-15' });
  // It stays in sight on its day, and today is as it was.
  await expect(page.getByRole('status').filter({ hasText: texts.signed })).toBeVisible();
  await expect(field(texts.tasks)).toHaveValue('20');
  await page.getByLabel(texts.from).fill('2026-06-24');
  await expect(field(texts.tasks)).toHaveValue('15');
  // The same for all days takes the place of both.
  await set('2026-06-24', START);
});

/** What the company begins with. */
const START: { indicator: string; dimension: string; share?: number; trial?: boolean }[] = [
  { indicator: 'sales', dimension: 'results', share: 400_000 },
  { indicator: 'visits', dimension: 'results', share: 200_000 },
  { indicator: 'answer-hours', dimension: 'service', share: 250_000 },
  { indicator: 'tasks-done', dimension: 'teamwork', share: 150_000 },
  { indicator: 'visit-depth', dimension: 'service', trial: true },
];
