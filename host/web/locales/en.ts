/** Everything that the pages say in English: one file for each part. A new file is named here and in `zh-CN.ts`. */
import day from './en/day.json';
import parts from './en/parts.json';
import problems from './en/problems.json';
import shell from './en/shell.json';
import signIn from './en/signIn.json';

export default { day, parts, problems, shell, signIn };
