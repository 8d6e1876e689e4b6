import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { daybreak, HOST } from './kit/company.ts';
import type { Look } from './kit/look.ts';
import { expect, test } from './kit/test.ts';

const TEXTS = {
  'zh-CN': {
    questions: '疑问',
    wrong: '这不对',
    label: '您了解的情况',
    send: '发送',
    sent: '已发送',
    close: '关闭',
    about: '关于这个数字的疑问',
    waiting: '待我答复',
    open: '待答复',
    closed: '已关闭',
    asked: '提出疑问时',
    now: '现在',
    more: '比提出疑问时 +',
    answer: '您的答复',
    settle: '问题已解决，同时关闭',
    sendAnswer: '发送答复',
    account: '我的账号',
    leave: '退出登录',
    missing: '这里什么也没有',
  },
  en: {
    questions: 'Questions',
    wrong: 'This is wrong',
    label: 'What you know about it',
    send: 'Send',
    sent: 'Sent',
    close: 'Close',
    about: 'Questions about this number',
    waiting: 'For me to answer',
    open: 'Awaits an answer',
    closed: 'Closed',
    asked: 'When asked',
    now: 'Now',
    more: 'points against when it was asked',
    answer: 'Your answer',
    settle: 'This is settled: close it',
    sendAnswer: 'Send answer',
    account: 'Your account',
    leave: 'Sign out',
    missing: 'There is nothing here',
  },
};

/** Each look asks about a month of its own: nobody has two open questions about one number. */
function monthOf({ size, language, theme }: Look) {
  const place = (size === 'phone' ? 0 : 4) + (language === 'en' ? 2 : 0) + (theme === 'dark' ? 1 : 0);
  const month = String(((place + 6) % 12) + 1).padStart(2, '0');
  return `${place < 6 ? 2025 : 2026}-${month}`;
}

async function leave(page: Page, texts: (typeof TEXTS)['en']) {
  await page.getByRole('button', { name: texts.account }).click();
  await page.getByRole('button', { name: texts.leave }).click();
  await expect(page).toHaveURL(/sign-in/);
}

test.use({ expectedErrors: ['404', '401'] });

test('a question reaches the manager with its number, and is answered', async ({
  page,
  look,
  signIn,
  picture,
  checkAccessibility,
}) => {
  const texts = TEXTS[look.language];
  const month = monthOf(look);
  const text = `A visit of ${month} is missing.`;
  const answer = `It was entered late; ${month} counts it now.`;
  await signIn('employee');
  await page.goto(`/people/han-mei/indicators/visits?month=${month}`);
  await page.getByRole('button', { name: texts.wrong }).click();
  await page.getByLabel(texts.label).fill(text);
  await page.getByRole('button', { name: texts.send, exact: true }).click();
  await expect(page.getByRole('dialog').getByRole('status')).toContainText(texts.sent);
  await page.getByRole('dialog').getByRole('button', { name: texts.close }).first().click();
  // It stands beside the number at once.
  await expect(page.getByRole('region', { name: texts.about })).toContainText(text);
  await picture('indicator-question');

  // What was missing arrives; the number moves.
  const id = `late-${month}`;
  const file = join(HOST.options.cwd, `${id}.csv`);
  writeFileSync(
    file,
    `id,kind,who,document,customer,value,at,depth\n${id},visit,han-mei,${id},hospital-1,,${month}-10 10:00,3\n`,
  );
  daybreak('import', '--mapping', 'typed.toml', file);
  // A host looks only now and then for what others have delivered.
  daybreak('score');
  await leave(page, texts);

  await signIn('manager');
  await page.goto('/questions');
  await expect(page.getByRole('radio', { name: texts.waiting })).toBeChecked();
  const row = page.getByRole('link').filter({ hasText: text });
  await expect(row).toContainText(texts.open);
  await checkAccessibility();
  await picture('questions');
  await row.click();
  await expect(page.getByText(texts.asked, { exact: true })).toBeVisible();
  await expect(page.getByText(texts.more)).toBeVisible();
  await checkAccessibility();
  await picture('question');
  await page.getByLabel(texts.answer).fill(answer);
  await page.getByLabel(texts.settle).check();
  await page.getByRole('button', { name: texts.sendAnswer }).click();
  await expect(page.getByText(texts.closed, { exact: true })).toBeVisible();
  await expect(page.getByText(answer)).toBeVisible();
  const address = page.url();
  await leave(page, texts);

  // Whoever has nothing to do with it finds nothing there.
  await signIn('colleague');
  await page.goto(address);
  await expect(page.getByRole('heading', { level: 1, name: texts.missing })).toBeVisible();
  await leave(page, texts);

  await signIn('employee');
  await page.goto('/questions');
  await page.getByRole('link').filter({ hasText: text }).click();
  await expect(page.getByText(answer)).toBeVisible();
});
