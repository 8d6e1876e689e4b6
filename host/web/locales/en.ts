/** Everything that the pages say in English: one file for each part. A new file is named here and in `zh-CN.ts`. */
import day from './en/day.json';
import growth from './en/growth.json';
import indicator from './en/indicator.json';
import parts from './en/parts.json';
import problems from './en/problems.json';
import questions from './en/questions.json';
import setup from './en/setup.json';
import shell from './en/shell.json';
import signIn from './en/signIn.json';
import team from './en/team.json';

export default { day, growth, indicator, parts, problems, questions, setup, shell, signIn, team };
