import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

/** The address of a running host, for `npm run dev`. */
const host = process.env.DAYBREAK_ADDRESS ?? 'http://127.0.0.1:8080';

/** What the host allows (`host/api/src/pages.rs`), so that a preview keeps it too; there the nonce is the placeholder itself. */
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-__NONCE__'; img-src 'self' data:; font-src 'self'; " +
  "connect-src 'self'; manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/**
 * Writes `service-worker.js` with the names of everything that was built, so that the shell can be kept for offline. Its
 * version is a digest of these names: a worker of an earlier build is another file, and browsers take the new one.
 */
function serviceWorker(): Plugin {
  return {
    name: 'daybreak-service-worker',
    apply: 'build',
    generateBundle(_, bundle) {
      // Every page and both languages, so that one can go anywhere; charts are large and kept when they are first used.
      const shell = Object.values(bundle)
        .filter(
          (file) => /\.(css|js)$/.test(file.fileName) && !(file.type === 'chunk' && file.name === 'library'),
        )
        .map((file) => `/${file.fileName}`)
        .sort();
      const every = Object.keys(bundle).sort().join('\n');
      const version = createHash('sha256').update(every).digest('hex').slice(0, 12);
      const source = readFileSync(new URL('./src/service-worker.js', import.meta.url), 'utf8');
      this.emitFile({
        type: 'asset',
        fileName: 'service-worker.js',
        source: source
          .replace("'__VERSION__'", JSON.stringify(version))
          .replace("['__SHELL__']", JSON.stringify(shell)),
      });
    },
  };
}

export default defineConfig({
  plugins: [react(), serviceWorker()],
  // The policy of the host allows no script in the page and no data address for scripts.
  build: {
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 800,
    manifest: true,
    reportCompressedSize: false,
  },
  server: { proxy: { '/api': { target: host } } },
  preview: { proxy: { '/api': { target: host } }, headers: { 'content-security-policy': policy } },
});
