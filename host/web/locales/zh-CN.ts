/** Everything that the pages say in Chinese: one file for each part. A new file is named here and in `en.ts`. */
import day from './zh-CN/day.json';
import growth from './zh-CN/growth.json';
import indicator from './zh-CN/indicator.json';
import parts from './zh-CN/parts.json';
import problems from './zh-CN/problems.json';
import questions from './zh-CN/questions.json';
import setup from './zh-CN/setup.json';
import shell from './zh-CN/shell.json';
import signIn from './zh-CN/signIn.json';
import team from './zh-CN/team.json';

export default { day, growth, indicator, parts, problems, questions, setup, shell, signIn, team };
