import { PEOPLE } from './kit/company.ts';
import { expect, test } from './kit/test.ts';

const TEXTS = {
  'zh-CN': { team: '团队', trends: '十二个月走势', table: '以表格显示', setUp: '设置' },
  en: { team: 'Team', trends: 'Twelve months', table: 'Show as a table', setUp: 'Set-up' },
};

test('a manager sees who needs a word and everybody’s year, in the order of names', async ({
  page,
  look,
  signIn,
  picture,
  checkAccessibility,
}) => {
  const texts = TEXTS[look.language];
  await signIn('manager');
  await page.goto('/');
  await page.getByRole('link', { name: texts.team }).click();
  await expect(page.getByRole('heading', { level: 1, name: texts.team })).toBeVisible();
  const trends = page.getByRole('region', { name: texts.trends });
  await expect(trends.getByRole('heading', { level: 3 })).toHaveText([
    PEOPLE.colleague.name,
    PEOPLE.employee.name,
  ]);
  await expect(trends.getByRole('img', { name: PEOPLE.employee.name })).toBeVisible();
  await checkAccessibility();
  await picture('team');
  await trends.getByRole('button', { name: texts.table }).click();
  await expect(trends.getByRole('row')).toHaveCount(3);
  await picture('team-table');
});

test.describe('others', () => {
  test.use({ expectedErrors: ['404'] });

  test('have no team, and cannot see another one’s by its address', async ({ page, look, signIn }) => {
    const texts = TEXTS[look.language];
    await signIn('employee');
    await page.goto('/');
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await expect(page.getByRole('link', { name: texts.team })).toHaveCount(0);
    await expect(page.getByRole('link', { name: texts.setUp })).toHaveCount(0);
    await page.goto(`/people/${PEOPLE.manager.id}/team`);
    await expect(page.getByRole('alert')).toBeVisible();
    await expect(page.getByText(PEOPLE.colleague.name)).toHaveCount(0);
    for (const address of ['/team', '/setup', '/setup/scorecards', '/setup/scorecards/sales']) {
      await page.goto(address);
      await expect(page.getByRole('link', { name: /回到今天|To your day/ })).toBeVisible();
    }
  });
});
