/** The real binary, serving a company on a free port for as long as it is needed. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { preview } from 'vite';
import { HOST } from './company.ts';

export type Host = { address: string; stop(): Promise<void> };

/** How a host is started: that of the company of the tests, unless it is said. */
export type Start = {
  binary: string;
  words: string[];
  options: { cwd: string; env: NodeJS.ProcessEnv };
};

export async function serve(start: Start = HOST): Promise<Host> {
  const host = spawn(start.binary, start.words, { ...start.options, stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise<void>((resolve) => {
    host.once('exit', () => {
      resolve();
    });
  });
  const lines = createInterface({ input: host.stdout });
  for await (const line of lines) {
    const address = /^listening on (\S+)/.exec(line)?.[1];
    if (address !== undefined) {
      // What it says from now on is little, and nobody waits for it; it is read, so that the host can say it.
      host.stdout.resume();
      return {
        address,
        async stop() {
          host.kill('SIGTERM');
          await ended;
        },
      };
    }
  }
  throw new Error('the host did not start');
}

/**
 * The same with the pages as `npm run build` has made them, instead of those in the binary: for whoever works on pages and
 * does not want to link the binary after each change.
 */
export async function serveWithFreshPages(start: Start = HOST): Promise<Host> {
  const host = await serve(start);
  process.env.DAYBREAK_ADDRESS = host.address;
  const pages = await preview({ preview: { port: 0, host: '127.0.0.1' }, logLevel: 'error' });
  return {
    address: (pages.resolvedUrls?.local[0] ?? '').replace(/\/$/, ''),
    async stop() {
      await pages.close();
      await host.stop();
    },
  };
}

/** As the one or the other, as it is asked for. */
export function serveAsAsked(start: Start = HOST): Promise<Host> {
  return process.env.DAYBREAK_FRESH_PAGES === undefined ? serve(start) : serveWithFreshPages(start);
}
