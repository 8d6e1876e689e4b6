/** Fails when the client's types are not those of the OpenAPI document: `npm run generate` makes them anew. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';

const kept = 'src/api/daybreak.ts';
const folder = mkdtempSync(join(tmpdir(), 'daybreak-types-'));
try {
    const made = join(folder, 'daybreak.ts');
    execFileSync('openapi-typescript', ['../docs/openapi.json', '--output', made], { stdio: 'ignore' });
    const text = await format(readFileSync(made, 'utf8'), { ...(await resolveConfig(kept)), filepath: kept });
    if (text !== readFileSync(kept, 'utf8')) {
        console.error(`${kept} is not what ../docs/openapi.json says: npm run generate`);
        process.exitCode = 1;
    }
} finally {
    rmSync(folder, { recursive: true });
}
