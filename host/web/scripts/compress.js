/** Compresses what was built, once and as well as it goes, so that the host never has to. */
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const built = new URL('../dist/', import.meta.url).pathname;

/** Pictures are compressed already, and the page itself differs in each answer. */
const compressible = /\.(css|js|json|svg|webmanifest)$/;

for (const name of readdirSync(built, { recursive: true })) {
    const path = join(built, String(name));
    if (!statSync(path).isFile() || !compressible.test(path)) {
        continue;
    }
    const text = readFileSync(path);
    const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: text.length };
    // A file of a few bytes only grows.
    const made = { br: brotliCompressSync(text, { params }), gz: gzipSync(text, { level: 9 }) };
    for (const [ending, bytes] of Object.entries(made).filter(([, bytes]) => bytes.length < text.length)) {
        writeFileSync(`${path}.${ending}`, bytes);
    }
}
