import { daybreak, PEOPLE } from './kit/company.ts';
import type { Host } from './kit/host.ts';
import { expect, test } from './kit/test.ts';

const TEXTS = {
  'zh-CN': {
    today: '今天',
    oneThing: '眼下最有帮助的一件事',
    trial: '试运行',
    target: '目标值',
    table: '以表格显示',
    wrong: '这不对',
    label: '您了解的情况',
    send: '发送',
    sent: '已发送',
    kept: '已保留您上次填写的内容',
    offline: '没有网络连接',
    later: '先不发',
  },
  en: {
    today: 'Today',
    oneThing: 'What would help most now',
    trial: 'Trial',
    target: 'Target',
    table: 'Show as a table',
    wrong: 'This is wrong',
    label: 'What you know about it',
    send: 'Send',
    sent: 'Sent',
    kept: 'Your text of last time was kept',
    offline: 'No connection',
    later: 'Not now',
  },
};

const VISITS = { 'zh-CN': '客户拜访次数', en: 'Customer visits' };
const SALES = { 'zh-CN': '销售额', en: 'Sales' };
const DEPTH = { 'zh-CN': '拜访深度', en: 'Depth of visits' };

test('@full my day answers without a tap', async ({ page, look, signIn, picture, checkAccessibility }) => {
  const texts = TEXTS[look.language];
  await signIn('employee');
  await page.goto('/');
  await expect(page.getByRole('heading', { level: 1, name: texts.today })).toBeVisible();
  // The month's number and the one thing that would help are seen at once, on the smallest screen too.
  await expect(page.getByText(texts.oneThing)).toBeInViewport();
  const visits = page.getByRole('article', { name: VISITS[look.language] });
  await expect(visits.getByRole('link', { name: VISITS[look.language] })).toHaveAttribute(
    'href',
    '/people/han-mei/indicators/visits',
  );
  // The picture is called what its sentence says, and its values stand behind it.
  await expect(visits.getByRole('img', { name: VISITS[look.language] })).toHaveAccessibleName(/\d/);
  await expect(
    page.getByRole('article', { name: DEPTH[look.language] }).getByText(texts.trial, { exact: true }),
  ).toBeVisible();
  await checkAccessibility();
  await picture('day');
  await visits.getByRole('button', { name: texts.table }).click();
  await expect(visits.getByRole('row', { name: new RegExp(texts.target) })).toContainText('24');
});

test('a fact that arrives elsewhere moves the open page', async ({ page, host, look, signIn }) => {
  await signIn('colleague');
  await page.goto('/');
  const visits = page.getByRole('article', { name: VISITS[look.language] });
  const value = visits.getByRole('link').nth(1);
  const before = Number.parseFloat(await value.innerText());
  expect(before).toBeGreaterThan(0);
  await deliver(host, {
    source: 'crm',
    external_id: `live-${look.size}-${look.language}-${look.theme}`,
    kind: 'visit',
    who: PEOPLE.colleague.id,
    document: 'V-live',
    capture: 'automatic',
    occurred_at: '2026-06-23T10:00:00+08:00',
  });
  await expect(value).toHaveText(new RegExp(`^${before + 1}`));
});

/** Records a fact as another system does. */
async function deliver(host: Host, fact: object) {
  const said = daybreak('token', 'create', 'CRM', '--scope', 'facts:write', '--days', '30');
  const answer = await fetch(`${host.address}/api/v1/facts`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${/dbt_\S+/.exec(said)?.[0] ?? ''}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify({ facts: [fact] }),
  });
  expect(answer.status, await answer.text()).toBe(200);
}

test('"this is wrong" keeps what was entered and reaches the host', async ({ page, look, signIn }) => {
  const texts = TEXTS[look.language];
  // One question about a number may be open at a time, so each look asks about another number.
  const [who, number] = {
    'phone zh-CN': ['employee', VISITS] as const,
    'phone en': ['colleague', VISITS] as const,
    'desktop zh-CN': ['manager', VISITS] as const,
    'desktop en': ['employee', SALES] as const,
  }[`${look.size} ${look.language}` as const];
  await signIn(who);
  await page.goto('/');
  const open = page
    .getByRole('article', { name: number[look.language] })
    .getByRole('button', { name: texts.wrong });
  await open.click();
  const text = 'The visit of 3 June is missing.';
  await page.getByLabel(texts.label).fill(text);
  await page.getByRole('button', { name: texts.later }).click();
  await page.reload();
  await open.click();
  await expect(page.getByText(texts.kept)).toBeVisible();
  await expect(page.getByLabel(texts.label)).toHaveValue(text);
  await page.getByRole('button', { name: texts.send }).click();
  await expect(page.getByRole('status')).toContainText(texts.sent);
});

test.describe('without a connection', () => {
  test.use({ expectedErrors: ['ERR_INTERNET_DISCONNECTED', 'Failed to fetch'] });

  test('the last state is there with its age, also after loading again', async ({
    page,
    look,
    context,
    signIn,
  }) => {
    const texts = TEXTS[look.language];
    await signIn('employee');
    await page.goto('/');
    const heading = page.getByRole('heading', { level: 1, name: texts.today });
    await expect(heading).toBeVisible();
    await page.evaluate(() => navigator.serviceWorker.ready);
    // A second visit, so that everything the page needs has passed the worker.
    await page.reload();
    await expect(page.getByRole('article').first()).toBeVisible();
    await context.setOffline(true);
    await expect(page.getByText(texts.offline)).toBeVisible();
    await page.reload();
    await expect(heading).toBeVisible();
    await expect(page.getByRole('article').first()).toBeVisible();
    await expect(page.getByText(texts.offline)).toBeVisible();
    await context.setOffline(false);
    await expect(page.getByText(texts.offline)).toBeHidden();
  });
});
