/**
 * The company of the browser's tests: a year of visits, orders and answers of a small sales department, the same each time.
 * It is made with the `daybreak` binary as an administrator would, and kept until the next run.
 */
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Everything takes place at one moment, whenever it is run. */
export const NOW = '2026-06-24T01:00:00Z';

export const PASSWORD = 'correct horse battery';

/** Who signs in, by what they are in the company. */
export const PEOPLE = {
  administrator: { name: '王芳', login: 'wang.fang' },
  manager: { id: 'li-lei', name: '李雷', login: 'li.lei' },
  employee: { id: 'han-mei', name: '韩梅', login: 'han.mei' },
  colleague: { id: 'chen-wei', name: '陈伟', login: 'chen.wei' },
} as const;

export type Who = keyof typeof PEOPLE;

const ROOT = join(import.meta.dirname, '../../../..');
const BINARY = process.env.DAYBREAK_BINARY ?? join(ROOT, 'target/debug/daybreak');
const PLUGINS = process.env.DAYBREAK_PLUGINS ?? join(ROOT, 'target/plugins');
const TARGET = process.env.DAYBREAK_TARGET ?? join(ROOT, 'target/pages');
const FOLDER = join(TARGET, 'company');

const PACK = {
  'pack.toml': `id = "pages"
version = "1"
title = { zh-CN = "页面测试公司", en = "Company of the pages' tests" }
summary = { zh-CN = "一个小型销售部门", en = "A small sales department" }
`,
  'departments.toml': `[[department]]
id = "sales"
name = "华东销售部"
`,
  'indicators.toml': `[[indicator]]
id = "visits"
title = { zh-CN = "客户拜访次数", en = "Customer visits" }
direction = "higher-is-better"
unit = ""
plugin = "measure"
parameters = { kind = "visit", measure = "count" }

[[indicator]]
id = "sales"
title = { zh-CN = "销售额", en = "Sales" }
direction = "higher-is-better"
unit = "CNY"
plugin = "measure"
parameters = { kind = "order", measure = "sum", field = "@value" }

[[indicator]]
id = "answer-hours"
title = { zh-CN = "客户答复时长", en = "Hours to answer a customer" }
direction = "lower-is-better"
unit = "h"
plugin = "measure"
parameters = { kind = "answer", measure = "mean", field = "@value" }

[[indicator]]
id = "tasks-done"
title = { zh-CN = "完成任务数", en = "Tasks finished" }
direction = "higher-is-better"
unit = ""
plugin = "measure"
parameters = { kind = "task.done", measure = "count" }

[[indicator]]
id = "visit-depth"
title = { zh-CN = "拜访深度", en = "Depth of visits" }
direction = "higher-is-better"
unit = ""
plugin = "measure"
parameters = { kind = "visit", measure = "mean", field = "depth" }
`,
  'goals.toml': `[[goal]]
indicator = "visits"
target = 24
[[goal]]
indicator = "sales"
target = 60000
[[goal]]
indicator = "answer-hours"
baseline = 30
stretch = 10
[[goal]]
indicator = "tasks-done"
target = 4
[[goal]]
indicator = "visit-depth"
baseline = 2
stretch = 4
`,
  'enablements.toml': `[[enablement]]
id = "one-sentence"
kind = "insight"
plugin = "plain-words"
title = { zh-CN = "一句话洞察", en = "In one sentence" }
`,
  'scorecards/sales.toml': `id = "sales"
title = { zh-CN = "销售考核方案", en = "Sales" }
department = "sales"

[[dimensions]]
id = "results"
title = { zh-CN = "业绩", en = "Results" }
[[dimensions]]
id = "service"
title = { zh-CN = "客户服务", en = "Service" }
[[dimensions]]
id = "teamwork"
title = { zh-CN = "协同", en = "Teamwork" }

[[indicators]]
id = "sales"
dimension = "results"
share = "40%"
[[indicators]]
id = "visits"
dimension = "results"
share = "20%"
[[indicators]]
id = "answer-hours"
dimension = "service"
share = "25%"
[[indicators]]
id = "tasks-done"
dimension = "teamwork"
share = "15%"
[[indicators]]
id = "visit-depth"
dimension = "service"
trial = true
`,
};

const COMPONENTS = ['measure', 'plain-words'];

/** How facts were captured; each way is a file of its own, because a mapping says it for all its rows. */
const CAPTURES = ['automatic', 'prefilled', 'typed'] as const;

type Capture = (typeof CAPTURES)[number];

const mapping = (capture: Capture) => `source = "crm"
kind = "{kind}"
external_id = "{id}"
capture = "${capture}"
who = "{who}"
document = "{document}"
customer = "{customer}"
value = "{value}"

[time]
text = "{at}"
zone = "Asia/Shanghai"

[fields]
depth = "{depth}"
`;

/** Twelve months, the last one running. */
const MONTHS = Array.from({ length: 12 }, (_, index) => {
  const month = ((index + 6) % 12) + 1;
  return `${month > 6 ? 2025 : 2026}-${String(month).padStart(2, '0')}`;
});

/** How well each month went for somebody, around 1: a slow start, a good spring. */
const PACE = [0.7, 0.75, 0.85, 0.8, 0.95, 0.9, 1.0, 0.85, 1.05, 1.1, 1.15, 1.12];

const HEADER = 'id,kind,who,document,customer,value,at,depth';

function facts(): Record<Capture, string[]> {
  const lines: Record<Capture, string[]> = { automatic: [HEADER], prefilled: [HEADER], typed: [HEADER] };
  const people = [PEOPLE.manager, PEOPLE.employee, PEOPLE.colleague];
  people.forEach(({ id }, place) => {
    MONTHS.forEach((month, index) => {
      const pace = (PACE[index] ?? 1) * (1 - place * 0.08 + (id === PEOPLE.employee.id ? 0.08 : 0));
      // The running month has come as far as its twenty-third day.
      const days = index === MONTHS.length - 1 ? 22 : 28;
      const visits = Math.round(18 * pace * (days / 28));
      for (let visit = 0; visit < visits; visit += 1) {
        const day = String(1 + ((visit * 5 + place) % days)).padStart(2, '0');
        const hour = String(9 + ((visit * 3) % 8)).padStart(2, '0');
        const customer = `hospital-${(visit % 6) + 1}`;
        const document = `V-${month}-${place}${visit}`;
        const depth = Math.min(5, 2 + ((visit + index) % 3));
        const capture = visit % 5 === 0 ? 'typed' : visit % 3 === 0 ? 'prefilled' : 'automatic';
        const at = `${month}-${day} ${hour}:20`;
        lines[capture].push(`visit-${document},visit,${id},${document},${customer},,${at},${depth}`);
        if (visit % 3 === 0) {
          const value = Math.round(9_000 * pace + 350 * (visit % 4));
          lines.automatic.push(`order-${document},order,${id},O-${document},${customer},${value},${at},`);
        }
        if (visit % 2 === 0) {
          const hours = Math.round(10 * (24 / pace - 4 + (visit % 5))) / 10;
          lines.automatic.push(`answer-${document},answer,${id},T-${document},${customer},${hours},${at},`);
        }
      }
    });
  });
  return lines;
}

/** Runs the binary on the company; returns what it says. */
export function daybreak(...words: string[]): string {
  const environment = { ...process.env, DAYBREAK_NOW: NOW, DAYBREAK_DATA: join(FOLDER, 'data') };
  return execFileSync(BINARY, words, { cwd: FOLDER, env: environment, encoding: 'utf8' });
}

/** How a host of the company is started. */
export const HOST = {
  binary: BINARY,
  words: [
    'serve',
    '--listen',
    '127.0.0.1:0',
    // How often somebody may sign in is tested elsewhere.
    ...['limits.sign_in_per_minute=10000', 'limits.requests_per_second=10000', 'limits.burst=10000'].flatMap(
      (setting) => ['--set', setting],
    ),
  ],
  options: {
    cwd: FOLDER,
    env: { ...process.env, DAYBREAK_NOW: NOW, DAYBREAK_DATA: join(FOLDER, 'data') },
  },
};

export const SCREENSHOTS = join(TARGET, 'screenshots');

/** Makes the company anew. Returns the one-time link of each person, to be opened once. */
export function make(): Record<Who, string> {
  rmSync(FOLDER, { recursive: true, force: true });
  const pack = join(FOLDER, 'pack');
  for (const folder of ['plugins', 'scorecards']) {
    mkdirSync(join(pack, folder), { recursive: true });
  }
  for (const [name, text] of Object.entries(PACK)) {
    writeFileSync(join(pack, name), text);
  }
  for (const component of COMPONENTS) {
    copyFileSync(join(PLUGINS, `${component}.wasm`), join(pack, 'plugins', `${component}.wasm`));
  }
  const lines = facts();
  for (const capture of CAPTURES) {
    writeFileSync(join(FOLDER, `${capture}.toml`), mapping(capture));
    writeFileSync(join(FOLDER, `${capture}.csv`), `${lines[capture].join('\n')}\n`);
  }
  const { administrator, manager, employee, colleague } = PEOPLE;
  writeFileSync(
    join(FOLDER, 'people.csv'),
    `id,name,department,manager,from,identities
${manager.id},${manager.name},sales,,2025-01-01,crm:${manager.id}
${employee.id},${employee.name},sales,${manager.id},2025-01-01,crm:${employee.id}
${colleague.id},${colleague.name},sales,${manager.id},2025-01-01,crm:${colleague.id}
`,
  );
  const begun = daybreak(
    'init',
    'pages',
    '--name',
    '康源医疗',
    '--admin',
    administrator.name,
    '--login',
    administrator.login,
  );
  daybreak('apply', 'pack', '--grant');
  daybreak('people', 'import', 'people.csv');
  for (const capture of CAPTURES) {
    daybreak('import', '--mapping', `${capture}.toml`, `${capture}.csv`);
  }
  for (const [title, due] of [
    ['回访市一院，确认导管试用结果', '2026-06-24'],
    ['整理第二季度招标资料', '2026-06-30'],
  ] as const) {
    daybreak(
      'task',
      'add',
      '--title',
      title,
      '--initiator',
      manager.id,
      '--assignee',
      employee.id,
      '--due',
      due,
    );
  }
  daybreak('score');
  daybreak('insights');
  const link = (said: string) => /dbl_\S+/.exec(said)?.[0] ?? '';
  const invited = ({ id, login }: { id: string; login: string }) =>
    link(daybreak('account', 'invite', id, '--login', login));
  return {
    administrator: link(begun),
    manager: invited(manager),
    employee: invited(employee),
    colleague: invited(colleague),
  };
}
