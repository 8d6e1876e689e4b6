import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

/** The address of a running host, for `npm run dev`. */
const host = process.env.DAYBREAK_ADDRESS ?? 'http://127.0.0.1:8080';

/**
 * Writes `service-worker.js` with the names of everything that was built, so that the shell can be kept for offline. Its
 * version is a digest of these names: a worker of an earlier build is another file, and browsers take the new one.
 */
function serviceWorker(): Plugin {
  return {
    name: 'daybreak-service-worker',
    apply: 'build',
    generateBundle(_, bundle) {
      // Charts and languages are kept when they are first used, not before.
      const shell = Object.values(bundle)
        .filter((file) => file.fileName.endsWith('.css') || (file.type === 'chunk' && file.isEntry))
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
});
