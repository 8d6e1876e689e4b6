import { expect, test } from './kit/test.ts';

const TEXTS = {
  'zh-CN': {
    visits: '客户拜访次数',
    months: '按月查看',
    may: '2026年5月',
    total: '合计',
    evidence: '依据的业务事实',
    document: '单号',
    rate: '自动采集率',
    receipt: '计分凭证',
    goal: '目标值 24',
    details: '全部技术细节',
    component: '组件摘要（SHA-256）',
    again: '重新计算一遍',
    equal: '逐位一致',
    shares: '权重与调权',
    manager: '主管临时加权',
    days: '2026年6月1日 – 2026年6月10日',
    trial: '试运行',
    uncounted: '不计入综合得分',
    table: '以表格显示',
    missing: '这里什么也没有',
    wrong: '这不对：客户拜访次数，2026年5月',
  },
  en: {
    visits: 'Customer visits',
    months: 'Months',
    may: 'May 2026',
    total: 'Total',
    evidence: 'The facts it rests on',
    document: 'Document',
    rate: 'captured without typing',
    receipt: 'Receipt',
    goal: 'target 24',
    details: 'Every technical detail',
    component: 'Component (SHA-256)',
    again: 'Compute it again',
    equal: 'Equal, bit for bit',
    shares: 'How much it counts',
    manager: 'By the manager',
    days: 'Jun 1, 2026 – Jun 10, 2026',
    trial: 'Trial',
    uncounted: 'does not count in the composite',
    table: 'Show as a table',
    missing: 'There is nothing here',
    wrong: 'This is wrong: Customer visits, May 2026',
  },
};

test('a number opens down to its facts, and can be computed again', async ({
  page,
  look,
  signIn,
  picture,
  checkAccessibility,
}) => {
  const texts = TEXTS[look.language];
  await signIn('employee');
  await page.goto('/');
  await page.getByRole('article', { name: texts.visits }).getByRole('link', { name: texts.visits }).click();
  await expect(page.getByRole('heading', { level: 1, name: texts.visits })).toBeVisible();
  await expect(page).toHaveURL(/\/people\/han-mei\/indicators\/visits/);
  await expect(page.getByRole('img', { name: texts.visits })).toHaveAccessibleName(/\d/);

  // Another month, by its button.
  await page
    .getByRole('list', { name: texts.months })
    .getByRole('button', { name: new RegExp(`^${texts.may}`) })
    .click();
  await expect(page).toHaveURL(/month=2026-05/);
  const month = page.getByRole('region', { name: texts.may, exact: true });
  await expect(month).toContainText(texts.goal);
  // The parts add up to the points that stand above them.
  const rows = month.getByRole('row');
  const numbers = await rows.evaluateAll((rows) =>
    rows.map((row) => Number(row.querySelector('td')?.textContent)),
  );
  const total = numbers.pop() ?? Number.NaN;
  expect(numbers.length).toBeGreaterThan(0);
  expect(numbers.reduce((sum, number) => sum + number, 0)).toBeCloseTo(total, 0);
  await expect(month.getByRole('row', { name: texts.total })).toBeVisible();
  await expect(month.getByRole('button', { name: texts.wrong })).toBeVisible();

  // Each fact with its document in the system that it came from; page by page.
  const evidence = page.getByRole('region', { name: texts.evidence });
  await expect(evidence).toContainText(texts.rate);
  const wide = look.size === 'desktop';
  await expect(evidence.getByRole('columnheader', { name: texts.document })).toHaveCount(wide ? 1 : 0);
  const first = evidence.getByText(/^V-2026-05-/).first();
  const shown = await first.innerText();
  await evidence.getByRole('listitem', { name: '2', exact: true }).click();
  await expect(first).not.toHaveText(shown);

  const receipt = page.getByRole('region', { name: texts.receipt });
  await expect(receipt).toContainText('measure');
  await expect(receipt).toContainText(texts.goal);
  await expect(receipt.getByText(texts.component)).toBeHidden();
  await receipt.getByText(texts.details).click();
  await expect(receipt.getByText(texts.component)).toBeVisible();
  await receipt.getByRole('button', { name: texts.again }).click();
  await expect(receipt.getByRole('status')).toContainText(texts.equal);
  await checkAccessibility();
  await picture('indicator');
});

test('a tap on the chart chooses a month, and the values stand in a table behind it', async ({
  page,
  look,
  signIn,
}) => {
  const texts = TEXTS[look.language];
  await signIn('employee');
  await page.goto('/people/han-mei/indicators/visits');
  const chart = page.getByRole('img', { name: texts.visits });
  await expect(chart).toHaveAttribute('data-drawn', '');
  const { width, height } = (await chart.boundingBox()) ?? { width: 0, height: 0 };
  await chart.click({ position: { x: width * 0.12, y: height / 2 } });
  await expect(page).toHaveURL(/month=2025-0[78]/);
  await page.getByRole('button', { name: texts.table }).click();
  await expect(page.getByRole('row', { name: new RegExp(texts.may) })).toContainText(/\d/);
});

test('who changed how much it counts, when and why', async ({ page, look, signIn, picture }) => {
  const texts = TEXTS[look.language];
  await signIn('employee');
  await page.goto('/people/han-mei/indicators/tasks-done');
  const shares = page.getByRole('region', { name: texts.shares });
  await expect(shares).toContainText(texts.manager);
  await expect(shares).toContainText('新品上市，先把协同做好');
  await expect(shares).toContainText(texts.days);
  await expect(shares).toContainText('15% → ');
  await picture('indicator-shares');
});

test('a trial says so wherever its number stands', async ({
  page,
  look,
  signIn,
  picture,
  checkAccessibility,
}) => {
  const texts = TEXTS[look.language];
  await signIn('employee');
  await page.goto('/people/han-mei/indicators/visit-depth');
  await expect(page.getByText(texts.trial, { exact: true })).toHaveCount(2);
  await expect(page.getByRole('region', { name: texts.shares })).toContainText(texts.uncounted);
  await checkAccessibility();
  await picture('indicator-trial');
});

test.describe("another's number", () => {
  test.use({ expectedErrors: ['404'] });

  test('looks like an address that leads nowhere', async ({ page, look, signIn }) => {
    const missing = page.getByRole('heading', { level: 1, name: TEXTS[look.language].missing });
    await signIn('employee');
    for (const address of [
      '/people/chen-wei/indicators/visits',
      '/people/chen-wei/indicators/visits?month=2026-05',
      '/people/li-lei/indicators/sales',
      '/people/chen-wei/growth',
      '/people/nobody/indicators/visits',
      '/people/han-mei/indicators/nothing',
      '/questions/question_nothing',
    ]) {
      await page.goto(address);
      await expect(missing, address).toBeVisible();
      await expect(page.getByText('陈伟'), address).toBeHidden();
    }
    await signIn('manager');
    await page.goto('/people/chen-wei/indicators/visits');
    await expect(page.getByRole('heading', { level: 1, name: TEXTS[look.language].visits })).toBeVisible();
  });
});
