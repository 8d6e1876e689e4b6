/**
 * The demonstration company, as `cargo xtask demo` fills it, served so that one goes in as each of its four people with one
 * button. `cargo xtask pages` fills a small one and says in `DAYBREAK_DEMONSTRATION` where it stands.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { HOST } from './company.ts';
import { serveAsAsked, type Host } from './host.ts';

const FOLDER = process.env.DAYBREAK_DEMONSTRATION;

/** What each of the four is, in the order in which they are offered. */
export const ROLES = ['employee', 'manager', 'hrPartner', 'administrator'] as const;

export type Role = (typeof ROLES)[number];
export type Person = { id: string; name: string };
export type People = Record<Role, Person>;

function folder(): string {
  if (FOLDER === undefined) {
    throw new Error(
      'The demonstration company is missing. Fill it with `cargo xtask demo --built --fill-only --people 60 --months 3 ' +
        '--now 2026-06-24T06:00:00Z --folder target/pages/demonstration`, and say with the whole path where it stands: ' +
        'DAYBREAK_DEMONSTRATION=…/target/pages/demonstration. `cargo xtask pages` does both.',
    );
  }
  return FOLDER;
}

/** Who they are: their ids depend on how many people the company has. */
export function people(): People {
  const lines = readFileSync(join(folder(), 'sign-in.txt'), 'utf8').trim().split('\n');
  const person = (at: number): Person => {
    const [, , id, name] = lines[at]?.split('\t') ?? [];
    if (id === undefined || name === undefined) {
      throw new Error(`sign-in.txt names nobody in line ${at + 1}: fill the company again`);
    }
    return { id, name };
  };
  return { employee: person(0), manager: person(1), hrPartner: person(2), administrator: person(3) };
}

export function serveDemonstration(): Promise<Host> {
  const place = folder();
  const moment = join(place, 'now.txt');
  return serveAsAsked({
    ...HOST,
    options: {
      cwd: place,
      env: {
        ...process.env,
        // A company that was filled up to another moment goes on there.
        ...(existsSync(moment) && { DAYBREAK_NOW: readFileSync(moment, 'utf8').trim() }),
        DAYBREAK_DATA: join(place, 'data'),
        DAYBREAK_DEMO_PEOPLE: ROLES.map((role) => people()[role].id).join(','),
      },
    },
  });
}
