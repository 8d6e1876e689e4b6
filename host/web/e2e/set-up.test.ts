import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { PASSWORD, PEOPLE } from './kit/company.ts';
import type { Look } from './kit/look.ts';
import { expect, test } from './kit/test.ts';

const TEXTS = {
  'zh-CN': {
    setUp: '设置',
    people: '人员',
    departments: '部门',
    scorecards: '考核方案',
    tokens: '访问令牌',
    import: '导入数据',
    fileChanged: '请重新选择',
    check: '检查文件',
    mapping: '选择映射',
    write: '新建映射',
    mappingName: '映射名称',
    mappingText: '映射内容（TOML）',
    keep: '保存映射',
    verdict: '共 3 行：2 行可以导入，1 行有问题。',
    flaws: '有问题的行',
    goodOnly: /只导入 2 行正确的数据/,
    take: '导入 2 行',
    added: '新增 2 条',
    add: '添加人员',
    confirm: '添加',
    name: '姓名',
    id: '人员编号',
    welcome: (name: string) => `已添加${name}`,
    search: '按姓名查找',
    invite: '邀请登录',
    noted: '我已记下',
    login: '登录账号',
    move: '调动',
    moved: '已保存',
    position: '岗位',
    make: '生成令牌',
    tokenName: '名称',
    scope: '读取得分',
    made: (name: string) => `“${name}”已生成`,
    revoke: '吊销',
    revoked: /已吊销/,
    upload: '上传 .wasm 文件',
    known: '没有变化',
    refused: '无法完成',
    reads: '用在哪里、读取什么',
    goals: '目标',
    home: '回到今天',
  },
  en: {
    setUp: 'Set-up',
    people: 'People',
    departments: 'Departments',
    scorecards: 'Scorecards',
    tokens: 'Tokens',
    import: 'Import',
    fileChanged: 'choose it again',
    check: 'Check the file',
    mapping: 'The mapping',
    write: 'Write a mapping',
    mappingName: 'Name of the mapping',
    mappingText: 'Mapping (TOML)',
    keep: 'Keep the mapping',
    verdict: '3 rows: 2 can be imported, 1 has something wrong.',
    flaws: 'Rows with something wrong',
    goodOnly: /Import the 2 good rows/,
    take: 'Import 2 rows',
    added: '2 new facts',
    add: 'Add somebody',
    confirm: 'Add',
    name: 'Name',
    id: 'Id',
    welcome: (name: string) => `${name} is added`,
    search: 'Find by name',
    invite: 'Invite',
    noted: 'I have noted it',
    login: 'Account',
    move: 'Move',
    moved: 'Saved',
    position: 'Position',
    make: 'Make a token',
    tokenName: 'Name',
    scope: 'read scores',
    made: (name: string) => `“${name}” is made`,
    revoke: 'Revoke',
    revoked: /revoked/,
    upload: 'Upload a .wasm file',
    known: 'nothing has changed',
    refused: 'That cannot be done',
    reads: 'Where it is in use, and what it reads',
    goals: 'Goals',
    home: 'To your day',
  },
};

/** A name of this look's own: each look runs on the same company. */
const own = ({ size, language, theme }: Look) => `${size}-${language}-${theme}`.toLowerCase();

const PLUGINS = process.env.DAYBREAK_PLUGINS ?? join(import.meta.dirname, '../../../target/plugins');

const MAPPING = `source = "crm"
kind = "training"
external_id = "{id}"
capture = "automatic"
who = "{who}"
value = "{value}"

[time]
text = "{at}"
zone = "Asia/Shanghai"
`;

test.describe('imports', () => {
  // A mapping that is none is refused.
  test.use({ expectedErrors: ['422', '400'] });

  test('an import is looked at first; bad rows are named, and stay out only if somebody says so', async ({
    page,
    look,
    signIn,
    picture,
    checkAccessibility,
  }) => {
    const texts = TEXTS[look.language];
    const name = `training-${own(look)}`;
    await signIn('administrator');
    await page.goto('/setup');
    await expect(page.getByRole('heading', { level: 1, name: texts.setUp })).toBeVisible();
    await checkAccessibility();
    await picture('set-up');
    await page.getByRole('main').getByRole('link', { name: texts.import }).first().click();
    await expect(page.getByRole('button', { name: texts.check })).toBeDisabled();
    await checkAccessibility();
    await page
      .locator('input[type=file]')
      .first()
      .setInputFiles({
        name: 'trainings.csv',
        mimeType: 'text/csv',
        buffer: Buffer.from(
          `id,who,value,at\n${name}-1,han-mei,2,2026-06-02 10:00\n${name}-2,li-lei,3,2026-06-03 10:00\n${name}-3,han-mei,many,2026-06-04 10:00\n`,
        ),
      });
    await expect(page.getByText('trainings.csv')).toBeVisible();

    await page.getByRole('button', { name: texts.write }).click();
    await page.getByLabel(texts.mappingName).fill(name);
    await page.getByLabel(texts.mappingText).fill('this is no mapping');
    await page.getByRole('button', { name: texts.keep }).click();
    // What is wrong is said, and what was written stays.
    await expect(page.getByRole('alert')).toContainText(texts.refused);
    await expect(page.getByLabel(texts.mappingName)).toHaveValue(name);
    await page.getByLabel(texts.mappingText).fill(MAPPING);
    await page.getByRole('button', { name: texts.keep }).click();

    await page.getByRole('button', { name: texts.check }).click();
    await expect(page.getByText(texts.verdict)).toBeVisible();
    const flaws = page.getByRole('region', { name: texts.flaws });
    await expect(flaws.getByRole('row').nth(1)).toContainText('4');
    await expect(flaws.getByRole('row').nth(1)).toContainText('value');
    await expect(page.getByRole('button', { name: texts.take })).toBeDisabled();
    await checkAccessibility();
    await picture('import');
    await page.getByRole('checkbox', { name: texts.goodOnly }).check();
    await page.getByRole('button', { name: texts.take }).click();
    await expect(page.getByText(texts.added)).toBeVisible();
    await picture('import-done');
    // A browser does not send a file that is not what was chosen any more.
    const changing = test.info().outputPath('changing.csv');
    writeFileSync(changing, `id,who,value,at\n${name}-4,han-mei,2,2026-06-05 10:00\n`);
    await page.locator('input[type=file]').first().setInputFiles(changing);
    await expect(page.getByText('changing.csv')).toBeVisible();
    writeFileSync(changing, `id,who,value,at\n${name}-4,han-mei,2,2026-06-05 10:00\n\n`);
    await page.getByRole('button', { name: texts.check }).click();
    await expect(page.getByRole('alert')).toContainText(texts.fileChanged);
    await expect(page.getByText('changing.csv')).toBeHidden();
    await page.goto('/setup/jobs');
    await expect(page.getByText(name).first()).toBeVisible();
    await checkAccessibility();
    await picture('jobs');
  });
});

test('somebody is added, found, invited with a link that is shown once, and moved', async ({
  page,
  look,
  signIn,
  picture,
  checkAccessibility,
}) => {
  const texts = TEXTS[look.language];
  const id = `p-${own(look)}`;
  const name = `张${own(look)}`;
  await signIn('administrator');
  await page.goto('/setup/people');
  await page.getByRole('button', { name: texts.add }).click();
  await page.getByLabel(texts.name, { exact: true }).fill(name);
  // The form keeps what was entered.
  await page.reload();
  await page.getByRole('button', { name: texts.add }).click();
  await expect(page.getByLabel(texts.name, { exact: true })).toHaveValue(name);
  await page.getByLabel(texts.id, { exact: true }).fill(id);
  await checkAccessibility();
  await picture('people-add');
  await page.getByRole('button', { name: texts.confirm, exact: true }).click();
  await expect(page.getByText(texts.welcome(name))).toBeVisible();
  await page.getByRole('textbox', { name: texts.search }).or(page.getByRole('searchbox')).fill(name);
  const found = page.getByRole('list', { name: texts.people }).getByRole('link');
  await expect(found).toHaveCount(1);
  await picture('people');
  await found.click();
  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible();
  await page.getByRole('button', { name: texts.invite, exact: true }).click();
  const secret = page.getByRole('status').filter({ hasText: '/accept/dbl_' });
  await expect(secret).toBeVisible();
  await checkAccessibility();
  await picture('person');
  await page.getByRole('button', { name: texts.noted }).click();
  await expect(page.getByText('/accept/dbl_')).toHaveCount(0);

  await page.locator('form').getByRole('combobox').first().click();
  await page.locator('.ant-select-item-option').filter({ hasText: '华东销售部' }).click();
  await page.getByRole('button', { name: texts.move, exact: true }).click();
  await expect(page.getByRole('status').filter({ hasText: texts.moved })).toBeVisible();
  await expect(page.getByRole('list').getByText('华东销售部')).toBeVisible();
  const last = { last_day: '2026-06-24' };
  expect((await page.request.post(`/api/v1/people/${id}/departure`, { data: last })).ok()).toBe(true);
});

test('departments stand as a tree with their people', async ({
  page,
  look,
  signIn,
  picture,
  checkAccessibility,
}) => {
  const texts = TEXTS[look.language];
  await signIn('administrator');
  await page.goto('/setup/departments');
  await expect(page.getByRole('heading', { level: 1, name: texts.departments })).toBeVisible();
  await expect(page.getByText('华东销售部')).toBeVisible();
  await checkAccessibility();
  await picture('departments');
});

test('a token is shown once, listed, and revoked after asking back', async ({
  page,
  look,
  signIn,
  picture,
  checkAccessibility,
}) => {
  const texts = TEXTS[look.language];
  const name = `CRM ${own(look)}`;
  await signIn('administrator');
  await page.goto('/setup/tokens');
  await page.getByRole('button', { name: texts.make }).first().click();
  await page.getByLabel(texts.tokenName, { exact: true }).fill(name);
  await page.getByRole('checkbox', { name: texts.scope }).check();
  await checkAccessibility();
  await picture('token-new');
  await page.getByRole('button', { name: texts.make }).click();
  await expect(page.getByText(texts.made(name))).toBeVisible();
  await picture('token-made');
  await page.getByRole('button', { name: texts.noted }).click();
  const card = page.getByRole('listitem').filter({ has: page.getByRole('heading', { name }) });
  await card.getByRole('button', { name: texts.revoke }).click();
  await page.getByRole('tooltip').getByRole('button', { name: texts.revoke }).click();
  await expect(card).toContainText(texts.revoked);
  await checkAccessibility();
  await picture('tokens');
});

test.describe('plugins', () => {
  test.use({ expectedErrors: ['422', '400'] });

  test('say what they read, and an upload says what the host found', async ({
    page,
    look,
    signIn,
    picture,
    checkAccessibility,
  }) => {
    const texts = TEXTS[look.language];
    await signIn('administrator');
    await page.goto('/setup/plugins');
    await expect(page.getByRole('button', { name: texts.upload })).toBeVisible();
    const upload = page.locator('input[type=file]');
    await upload.setInputFiles({
      name: 'broken.wasm',
      mimeType: 'application/wasm',
      buffer: Buffer.from('no component'),
    });
    await expect(page.getByRole('alert')).toContainText(texts.refused);
    await picture('plugin-refused');
    await upload.setInputFiles({
      name: 'measure.wasm',
      mimeType: 'application/wasm',
      buffer: readFileSync(join(PLUGINS, 'measure.wasm')),
    });
    await expect(page.getByRole('status').filter({ hasText: texts.known })).toBeVisible();
    await checkAccessibility();
    await picture('plugins');
    await page.getByRole('link', { name: /measure/ }).click();
    await expect(page.getByRole('heading', { name: texts.reads })).toBeVisible();
    await checkAccessibility();
    await picture('plugin');
  });
});

test('an indicator shows its plugin, its parameters and its goals', async ({
  page,
  look,
  signIn,
  picture,
  checkAccessibility,
}) => {
  const texts = TEXTS[look.language];
  await signIn('administrator');
  await page.goto('/setup/indicators');
  await checkAccessibility();
  await picture('indicators');
  await page.getByRole('link', { name: /answer-hours/ }).click();
  await expect(page.getByRole('heading', { name: texts.goals, exact: true })).toBeVisible();
  await expect(page.getByText('"kind": "answer"')).toBeVisible();
  await checkAccessibility();
  await picture('indicator-set-up');
});

/** Somebody of this look's own who looks after the sales department as HR partner, and has a password. */
async function partner(page: Page, look: Look): Promise<string> {
  const id = `hr-${own(look)}`;
  const people = [{ id, name: `赵${own(look)}`, department: 'sales' }];
  expect((await page.request.post('/api/v1/people', { data: { people } })).ok()).toBe(true);
  const roles = { administrator: false, hr_departments: ['sales'] };
  expect((await page.request.put(`/api/v1/people/${id}/roles`, { data: roles })).ok()).toBe(true);
  const invited = await page.request.post(`/api/v1/people/${id}/account`, { data: { login: id } });
  const { secret } = (await invited.json()) as { secret: string };
  await page.request.delete('/api/v1/session');
  const accept = { secret, password: PASSWORD };
  expect((await page.request.post('/api/v1/links/accept', { data: accept })).ok()).toBe(true);
  return id;
}

test('an HR partner is offered what HR partners may do, and nothing else', async ({
  page,
  look,
  signIn,
  picture,
  checkAccessibility,
}) => {
  const texts = TEXTS[look.language];
  await signIn('administrator');
  const id = await partner(page, look);
  await page.goto('/setup');
  await expect(page.getByRole('heading', { level: 1, name: texts.setUp })).toBeVisible();
  const main = page.getByRole('main');
  await expect(main.getByRole('link', { name: texts.scorecards })).toBeVisible();
  await expect(main.getByRole('link', { name: texts.tokens })).toHaveCount(0);
  await picture('set-up-partner');
  await page.goto('/setup/tokens');
  await expect(page.getByRole('link', { name: texts.home })).toBeVisible();
  await page.goto('/setup/scorecards/sales');
  await expect(page.getByText('40%')).toBeVisible();
  await expect(page.getByRole('slider')).toHaveCount(0);
  await page.goto(`/setup/people/${PEOPLE.employee.id}`);
  await expect(page.getByRole('button', { name: texts.move, exact: true })).toBeVisible();
  await expect(page.getByRole('heading', { name: texts.login })).toHaveCount(0);
  await checkAccessibility();
  await picture('person-partner');
  await page.request.delete('/api/v1/session');
  await signIn('administrator');
  const last = { last_day: '2026-06-24' };
  expect((await page.request.post(`/api/v1/people/${id}/departure`, { data: last })).ok()).toBe(true);
});
