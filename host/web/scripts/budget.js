/**
 * Asserts how much script the pages need, compressed as it is sent: the employee's first page (the entry, the frame, My day
 * and one language, with all that they import) and the charts, which come when one is in view. What it finds is noted in
 * dist/.budgets.json, for the benchmark.
 */
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';

const KIB = 1024;
const budgets = [
    {
        name: 'first',
        what: "the employee's first page",
        entries: ['index.html', 'src/app/Shell.tsx', 'src/pages/day/DayPage.tsx', 'locales/zh-CN.ts'],
        most: 250 * KIB,
    },
    { name: 'charts', what: 'the charts', entries: ['src/parts/chart/library.ts'], most: 200 * KIB },
];

const built = new URL('../dist/', import.meta.url);
const manifest = JSON.parse(readFileSync(new URL('.vite/manifest.json', built), 'utf8'));

/** Files of an entry and of everything that it imports at once; what it imports later is not counted. */
function files(entry, found = new Set()) {
    const chunk = manifest[entry];
    if (chunk === undefined) {
        throw new Error(`The build has no ${entry}: name the page's own file in scripts/budget.js`);
    }
    if (!found.has(chunk.file)) {
        found.add(chunk.file);
        chunk.imports?.forEach((name) => files(name, found));
    }
    return found;
}

/** As it is sent: a file of a few bytes is not compressed. */
const size = (file) => {
    const compressed = new URL(`${file}.br`, built);
    return statSync(existsSync(compressed) ? compressed : new URL(file, built)).size;
};
const first = new Set(budgets[0].entries.flatMap((entry) => [...files(entry)]));
const found = {};
let kept = true;
for (const { name, what, entries, most } of budgets) {
    const own = new Set(entries.flatMap((entry) => [...files(entry)]));
    const counted = [...own].filter((file) => name !== 'charts' || !first.has(file));
    const bytes = counted.reduce((sum, file) => sum + size(file), 0);
    found[name] = bytes;
    kept &&= bytes <= most;
    console.log(
        `${what}: ${Math.round(bytes / KIB)} KiB of ${most / KIB}${bytes <= most ? '' : ' TOO MUCH'}`,
    );
    if (process.argv.includes('--files') || bytes > most) {
        counted.sort((a, b) => size(b) - size(a)).forEach((file) => console.log(`  ${size(file)} ${file}`));
    }
}
writeFileSync(new URL('.budgets.json', built), JSON.stringify(found));
if (!kept) {
    process.exitCode = 1;
}
