import type { Page } from '@playwright/test';
import { daybreak, PASSWORD, PEOPLE } from './kit/company.ts';
import type { Host } from './kit/host.ts';
import type { Look } from './kit/look.ts';
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
    failed: '刚才没能刷新',
    again: '重试',
    done: (title: string) => `完成：${title}`,
    undo: (title: string) => `撤销：${title}`,
    allTasks: /显示全部/,
    questions: /对.*有疑问/,
    login: '登录名',
    password: '密码',
    submit: '登录',
    account: '我的账号',
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
    failed: 'could not be read again',
    again: 'Try again',
    done: (title: string) => `Done: ${title}`,
    undo: (title: string) => `Undo: ${title}`,
    allTasks: /Show all/,
    questions: /asks about/,
    login: 'Login',
    password: 'Password',
    submit: 'Sign in',
    account: 'Your account',
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
  // Whoever is writing about the number goes on writing about the one that they saw.
  const texts = TEXTS[look.language];
  await visits.getByRole('button', { name: texts.wrong }).click();
  await page.getByLabel(texts.label).fill('The visit of yesterday');
  await deliver(host, visit(look, 'live'));
  await expect(value).toHaveText(new RegExp(`^${before + 1}`));
  await expect(page.getByLabel(texts.label)).toHaveValue('The visit of yesterday');
  await expect(page.getByRole('dialog')).toContainText(String(before));
  await page.getByRole('button', { name: texts.later }).click();
});

test('one stream serves all tabs, and goes on when the tab that has it is closed', async ({
  page,
  host,
  look,
  context,
  signIn,
}) => {
  let streams = 0;
  context.on('request', (request) => {
    streams += request.url().includes('/api/v1/events') ? 1 : 0;
  });
  await signIn('colleague');
  const second = await context.newPage();
  const valueIn = (tab: Page) =>
    tab.getByRole('article', { name: VISITS[look.language] }).getByRole('link').nth(1);
  await second.goto('/');
  await expect(valueIn(second)).toBeVisible();
  await page.goto('/');
  await expect(valueIn(page)).toBeVisible();
  const before = Number.parseFloat(await valueIn(page).innerText());
  await deliver(host, visit(look, 'tabs-1'));
  for (const tab of [second, page]) {
    await expect(valueIn(tab)).toHaveText(new RegExp(`^${before + 1}`));
  }
  expect(streams).toBe(1);
  await second.close();
  await deliver(host, visit(look, 'tabs-2'));
  await expect(valueIn(page)).toHaveText(new RegExp(`^${before + 2}`));
  expect(streams).toBe(2);
});

/** A visit of the colleague's, once for each look. */
function visit({ size, language, theme }: Look, what: string) {
  return {
    source: 'crm',
    external_id: `${what}-${size}-${language}-${theme}`,
    kind: 'visit',
    who: PEOPLE.colleague.id,
    document: 'V-live',
    capture: 'automatic',
    occurred_at: '2026-06-23T10:00:00+08:00',
  };
}

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

test('a task that was finished by mistake is open again in one tap', async ({
  page,
  look,
  signIn,
  picture,
}) => {
  const texts = TEXTS[look.language];
  await signIn('colleague');
  const { colleague, manager } = PEOPLE;
  const own = `${look.size}-${look.language}`.toLowerCase();
  // More than are shown at once.
  for (let number = 1; number <= 7; number += 1) {
    const data = { id: `undo-${own}-${number}`, title: `Call ${own} ${number}`, assignees: [colleague.id] };
    expect((await page.request.post('/api/v1/tasks', { data })).ok()).toBe(true);
  }
  const crisis = `Recall ${own}`;
  const people = ['--initiator', manager.id, '--assignee', colleague.id, '--due', '2026-06-20'];
  daybreak('task', 'add', '--id', `recall-${own}`, '--kind', 'crisis', '--title', crisis, ...people);
  await page.goto('/');
  await page.getByRole('button', { name: texts.allTasks }).click();
  const title = `Call ${own} 7`;
  await expect(page.getByText(title)).toBeVisible();
  // Only whoever may end a crisis is offered to.
  await expect(page.getByText(crisis)).toBeVisible();
  await expect(page.getByRole('button', { name: texts.done(crisis) })).toHaveCount(0);
  await page.getByRole('button', { name: texts.done(title) }).click();
  await expect(page.getByRole('button', { name: texts.undo(title) })).toBeVisible();
  await picture('day-undo');
  await page.getByRole('button', { name: texts.undo(title) }).click();
  await expect(page.getByRole('button', { name: texts.done(title) })).toBeVisible();
  for (let number = 1; number <= 7; number += 1) {
    await page.request.post(`/api/v1/tasks/undo-${own}-${number}/cancellation`, { data: {} });
  }
  daybreak('task', 'cancel', `recall-${own}`, '--by', manager.id);
  daybreak('score');
});

test('a question among the to-dos leads to where it is asked', async ({ page, look, signIn }) => {
  const texts = TEXTS[look.language];
  await signIn('colleague');
  const day = await page.request.get(`/api/v1/people/${PEOPLE.colleague.id}/indicators/sales`);
  const { months } = (await day.json()) as { months: { score?: { sequence: number } }[] };
  const place = ['phone zh-CN', 'phone en', 'desktop zh-CN', 'desktop en'].indexOf(
    `${look.size} ${look.language}`,
  );
  const text = `An order is missing, ${look.size} ${look.language}.`;
  const asked = await page.request.post(`/api/v1/scores/${months[place]?.score?.sequence ?? 0}/questions`, {
    data: { text },
  });
  expect(asked.ok(), await asked.text()).toBe(true);
  await page.request.delete('/api/v1/session');
  await signIn('manager');
  await page.goto('/');
  await page
    .getByRole('listitem')
    .filter({ hasText: text })
    .getByRole('link', { name: texts.questions })
    .click();
  await expect(page).toHaveURL(/\/questions\//);
  await expect(page.getByRole('main').getByText(text)).toBeVisible();
});

test('whoever signs in next finds nothing of the one before, in no tab', async ({
  page,
  look,
  context,
  signIn,
}) => {
  const texts = TEXTS[look.language];
  const { colleague, manager } = PEOPLE;
  await signIn('colleague');
  await page.goto('/');
  await page
    .getByRole('article', { name: VISITS[look.language] })
    .getByRole('button', { name: texts.wrong })
    .click();
  await page.getByLabel(texts.label).fill('Nobody else reads this');
  const other = await context.newPage();
  await other.goto('/sign-in');
  await other.getByLabel(texts.login).fill(manager.login);
  await other.getByLabel(texts.password, { exact: true }).fill(PASSWORD);
  await other.getByRole('button', { name: texts.submit, exact: true }).click();
  for (const tab of [other, page]) {
    await expect(tab.getByRole('heading', { level: 1, name: texts.today })).toBeVisible();
    await expect(tab.locator(`a[href="/people/${manager.id}/indicators/visits"]`).first()).toBeVisible();
    await expect(tab.locator(`a[href^="/people/${colleague.id}/"]`)).toHaveCount(0);
  }
  const kept = await page.evaluate(() => JSON.stringify(localStorage));
  expect(kept).not.toContain('Nobody else reads this');
});

test.describe('a host that fails', () => {
  test.use({ expectedErrors: ['502'] });

  test('what is shown says that it could not be read again, and is read when somebody asks', async ({
    page,
    look,
    signIn,
    host,
    picture,
    checkAccessibility,
  }) => {
    const texts = TEXTS[look.language];
    await signIn('colleague');
    await page.goto('/');
    await expect(page.getByRole('article').first()).toBeVisible();
    await page.route('**/api/v1/people/*/day', (route) =>
      route.fulfill({ status: 502, body: 'Bad gateway' }),
    );
    await deliver(host, visit(look, 'failing'));
    await expect(page.getByText(texts.failed)).toBeVisible();
    await expect(page.getByRole('article').first()).toBeVisible();
    await checkAccessibility();
    await picture('day-not-refreshed');
    await page.unroute('**/api/v1/people/*/day');
    await page.getByRole('button', { name: texts.again }).click();
    await expect(page.getByText(texts.failed)).toBeHidden();
  });
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
    // What could not be read again meanwhile is still the last that is known, however often the page is opened.
    for (let opening = 0; opening < 2; opening += 1) {
      const failed = page.waitForEvent('requestfailed', (request) => request.url().includes('/day'));
      await page.reload();
      await failed;
      await expect(heading).toBeVisible();
      await expect(page.getByRole('article').first()).toBeVisible();
      await expect(page.getByText(texts.offline)).toBeVisible();
    }
    await context.setOffline(false);
    await expect(page.getByText(texts.offline)).toBeHidden();
  });
});
