/** Everything that the pages say in Chinese: one file for each part. A new file is named here and in `en.ts`. */
import day from './zh-CN/day.json';
import parts from './zh-CN/parts.json';
import problems from './zh-CN/problems.json';
import setup from './zh-CN/setup.json';
import shell from './zh-CN/shell.json';
import signIn from './zh-CN/signIn.json';
import team from './zh-CN/team.json';

export default { day, parts, problems, setup, shell, signIn, team };
