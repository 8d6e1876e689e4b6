import { expect, test } from './kit/test.ts';

const TEXTS = {
  'zh-CN': {
    growth: '成长',
    title: '成长图谱',
    of: '韩梅的成长图谱',
    line: '时间线',
    june: '2026年6月',
    march: '2026年3月',
    feedback: '反馈',
    older: '更早',
    radar: '各维度雷达图',
    before: '前三个月平均',
    results: '业绩',
    looks: '我看过几次',
    looked: '这一周您看了',
    group: '大家多久看一次',
    few: '人数不足 5 人',
    composite: '2026年5月综合得分',
    open: '综合得分的构成',
    again: '重新计算一遍',
    equal: '逐位一致',
  },
  en: {
    growth: 'Growth',
    title: 'Growth map',
    of: 'Growth map of 韩梅',
    line: 'Time line',
    june: 'June 2026',
    march: 'March 2026',
    feedback: 'Feedback',
    older: 'Earlier',
    radar: 'Radar by dimension',
    before: 'Mean of three months before',
    results: 'Results',
    looks: 'How often I looked',
    looked: 'this week',
    group: 'How often people look',
    few: 'fewer than 5 people',
    composite: 'Composite of May 2026',
    open: 'What the composite is made of',
    again: 'Compute it again',
    equal: 'Equal, bit for bit',
  },
};

const NOTE = '把客户的顾虑讲清楚了';

test('what somebody reached and was told, month by month', async ({
  page,
  look,
  signIn,
  picture,
  checkAccessibility,
}) => {
  const texts = TEXTS[look.language];
  await signIn('employee');
  await page.goto('/');
  await page.getByRole('navigation').getByRole('link', { name: texts.growth }).click();
  await expect(page.getByRole('heading', { level: 1, name: texts.title })).toBeVisible();
  const line = page.getByRole('region', { name: texts.line });
  await expect(line.getByRole('heading', { name: texts.june })).toBeVisible();
  await expect(line).toContainText(NOTE);

  // By kind.
  const feedback = line.getByRole('button', { name: texts.feedback, exact: true });
  await feedback.click();
  await expect(feedback).toHaveAttribute('aria-pressed', 'false');
  await expect(line).not.toContainText(NOTE);
  await feedback.click();
  await expect(line).toContainText(NOTE);

  // Older months on demand.
  await expect(line.getByRole('heading', { name: texts.march })).toBeHidden();
  await line.getByRole('button', { name: texts.older }).click();
  await expect(line.getByRole('heading', { name: texts.march })).toBeVisible();

  // The radar says what its table says.
  await expect(page.getByRole('img', { name: texts.radar })).toHaveAccessibleName(/2026/);
  await expect(page.getByRole('columnheader', { name: texts.before })).toBeVisible();
  await expect(page.getByRole('row', { name: new RegExp(texts.results) })).toContainText(/\d/);

  // One's own looks are told to oneself; a reload shortly after is the same look.
  const looks = page.getByRole('region', { name: texts.looks });
  await expect(looks).toContainText(texts.looked);
  const said = await looks.innerText();
  await page.reload();
  await expect(looks).toContainText(texts.looked);
  expect(await looks.innerText()).toBe(said);
  await checkAccessibility();
  await picture('growth');
});

test('the composite of a month opens, and can be computed again', async ({ page, look, signIn }) => {
  const texts = TEXTS[look.language];
  await signIn('employee');
  await page.goto('/growth');
  await page.getByRole('region', { name: texts.line }).getByRole('link', { name: texts.open }).nth(1).click();
  const composite = page.getByRole('region', { name: texts.composite });
  // It is brought into view, and a reader of screens goes on there; so it is when it is asked for once more.
  const heading = composite.getByRole('heading', { name: texts.composite });
  await expect(heading).toBeFocused();
  await expect(heading).toBeInViewport();
  await expect(page).toHaveURL(/\/growth\?month=2026-05$/);
  const link = page.getByRole('region', { name: texts.line }).getByRole('link', { name: texts.open }).nth(1);
  await link.click();
  await expect(heading).toBeFocused();
  await expect(heading).toBeInViewport();
  await expect(composite.getByRole('row', { name: /40%/ })).toBeVisible();
  await composite.getByRole('button', { name: texts.again }).click();
  await expect(composite.getByRole('status')).toContainText(texts.equal);
});

test('others see the map, never the looks of one person', async ({
  page,
  look,
  signIn,
  picture,
  checkAccessibility,
}) => {
  const texts = TEXTS[look.language];
  await signIn('manager');
  await page.goto('/people/han-mei/growth');
  await expect(page.getByRole('heading', { level: 1, name: texts.of })).toBeVisible();
  await expect(page.getByText(NOTE)).toBeVisible();
  await expect(page.getByRole('region', { name: texts.looks })).toHaveCount(0);
  await page.goto('/growth');
  await expect(page.getByRole('region', { name: texts.group })).toContainText(texts.few);
  await checkAccessibility();
  await picture('growth-manager');
});
