import { useCallback, useState } from 'react';

const PLACE = 'daybreak.draft.';

/** Longest draft that is kept, in characters. */
const DRAFT_MAX = 20_000;

function read(name: string): unknown {
  try {
    const text = localStorage.getItem(PLACE + name);
    return text === null ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * What somebody enters in a form, kept on this device until it has reached the host: neither a page that is loaded again nor
 * a lost connection loses it. `name` names the form and what it is about. Never for passwords.
 */
export function useDraft<T>(name: string, empty: T) {
  const [found] = useState(() => read(name) as T | undefined);
  const [value, setValue] = useState(found ?? empty);
  const keep = useCallback(
    (next: T) => {
      setValue(next);
      try {
        const text = JSON.stringify(next);
        if (text.length <= DRAFT_MAX) {
          localStorage.setItem(PLACE + name, text);
        }
      } catch {
        // A device that keeps nothing: the text lives as long as the page.
      }
    },
    [name],
  );
  /** To be called when the host has it. */
  const done = useCallback(() => {
    setValue(empty);
    drop(name);
  }, [name, empty]);
  return { value, keep, done, wasKept: found !== undefined };
}

function drop(name: string) {
  try {
    localStorage.removeItem(PLACE + name);
  } catch {
    // A device that keeps nothing has nothing to forget.
  }
}

/** Forgets all drafts: when somebody signs out, or somebody else signs in. */
export function forgetDrafts() {
  let places: string[];
  try {
    places = Object.keys(localStorage);
  } catch {
    return;
  }
  places
    .filter((place) => place.startsWith(PLACE))
    .forEach((place) => {
      drop(place.slice(PLACE.length));
    });
}
