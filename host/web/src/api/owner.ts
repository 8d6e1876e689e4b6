/**
 * Whose data and drafts this device keeps. Whoever signs in next finds nothing of somebody else; the same person finds their
 * drafts again, also after a session has expired.
 */

const PLACE = 'daybreak.owner';

type Person = { person: string; company: { id: string } };

function read(): string | undefined {
  try {
    return localStorage.getItem(PLACE) ?? undefined;
  } catch {
    return undefined;
  }
}

let current = read();

/** The owner of what this tab has in its memory. */
export const owner = () => current;

export const isSame = (one: Person, other: Person) => nameOf(one) === nameOf(other);

function nameOf({ person, company }: Person): string {
  return `${company.id}/${person}`;
}

function keep(name: string | undefined) {
  current = name;
  try {
    if (name === undefined) {
      localStorage.removeItem(PLACE);
    } else {
      localStorage.setItem(PLACE, name);
    }
  } catch {
    // A device that keeps nothing has no owner either.
  }
}

/** Says whose session it is. Returns whether what is kept belongs to somebody else. */
export function claim(person: Person): boolean {
  const name = nameOf(person);
  if (name === current) {
    return false;
  }
  keep(name);
  return true;
}

export function release() {
  keep(undefined);
}

/** Calls when somebody else has signed in, in another tab. */
export function onOtherOwner(then: () => void) {
  window.addEventListener('storage', ({ key, newValue }) => {
    if (key === PLACE && newValue !== null && current !== undefined && newValue !== current) {
      then();
    }
  });
}
