import { PASSWORD, PEOPLE } from './kit/company.ts';
import { expect, test } from './kit/test.ts';

const TEXTS = {
  'zh-CN': { login: '登录名', password: '密码', submit: '登录', today: '今天', other: 'Switch to English' },
  en: { login: 'Login', password: 'Password', submit: 'Sign in', today: 'Today', other: '切换到中文' },
};

test('@full the sign-in page', async ({ page, look, picture, checkAccessibility }) => {
  await page.goto('/sign-in');
  await expect(page.getByLabel(TEXTS[look.language].login)).toBeVisible();
  await expect(page.locator('html')).toHaveAttribute('lang', look.language);
  await expect(page.locator('html')).toHaveAttribute('data-appearance', look.theme);
  await checkAccessibility();
  await picture('sign-in');
});

test.describe('a wrong password', () => {
  test.use({ expectedErrors: ['401'] });

  test('says what to do, and the right one leads to where one wanted to go', async ({ page, look }) => {
    const texts = TEXTS[look.language];
    await page.goto('/');
    await page.getByLabel(texts.login).fill(PEOPLE.employee.login);
    await page.getByLabel(texts.password, { exact: true }).fill('not the password');
    await page.getByRole('button', { name: texts.submit, exact: true }).click();
    await expect(page.getByRole('alert')).toContainText('15');
    await page.getByLabel(texts.password, { exact: true }).fill(PASSWORD);
    await page.getByRole('button', { name: texts.submit, exact: true }).click();
    await expect(page.getByRole('heading', { level: 1, name: texts.today })).toBeVisible();
  });
});

// Nothing is expected in the console here, not even that one has to sign in.
test('whoever is not signed in is led to the sign-in', async ({ page, look }) => {
  await page.goto('/people/han-mei/growth');
  await expect(page.getByLabel(TEXTS[look.language].login)).toBeVisible();
  await expect(page).toHaveURL(/\/sign-in\?next=/);
});

test('the language is switched in one tap, before and after signing in', async ({ page, look, signIn }) => {
  const other = look.language === 'en' ? 'zh-CN' : 'en';
  await page.goto('/sign-in');
  await page.getByRole('button', { name: TEXTS[look.language].other }).click();
  await expect(page.getByLabel(TEXTS[other].login)).toBeVisible();
  await expect(page.locator('html')).toHaveAttribute('lang', other);
  await page.getByRole('button', { name: TEXTS[other].other }).click();
  await signIn('colleague');
  await page.goto('/');
  await page.getByRole('button', { name: TEXTS[look.language].other }).click();
  await expect(page.getByRole('heading', { level: 1, name: TEXTS[other].today })).toBeVisible();
});
