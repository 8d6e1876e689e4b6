/**
 * Language and theme. They are kept on this device, so that the sign-in page has them, and with the session, so that
 * every device of a person has them.
 */
import { useSyncExternalStore } from 'react';

export const LANGUAGES = ['zh-CN', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];

export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

export type Preferences = { language: Language; theme: Theme };

const PLACE = 'daybreak.preferences';

function languageOfBrowser(): Language {
  return navigator.languages.some((language) => language.toLowerCase().startsWith('zh')) ? 'zh-CN' : 'en';
}

function isOneOf<T extends string>(words: readonly T[], word: unknown): word is T {
  return (words as readonly unknown[]).includes(word);
}

function read(): Preferences {
  const chosen: Preferences = { language: languageOfBrowser(), theme: 'system' };
  try {
    const text = JSON.parse(localStorage.getItem(PLACE) ?? '{}') as Partial<Preferences>;
    return {
      language: isOneOf(LANGUAGES, text.language) ? text.language : chosen.language,
      theme: isOneOf(THEMES, text.theme) ? text.theme : chosen.theme,
    };
  } catch {
    // A device that keeps nothing, or something else under this name.
    return chosen;
  }
}

let current = read();
const listeners = new Set<() => void>();

function listen(listener: () => void) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export const preferences = {
  get: () => current,

  set(change: Partial<Preferences>) {
    current = { ...current, ...change };
    try {
      localStorage.setItem(PLACE, JSON.stringify(current));
    } catch {
      // Then they hold until the page is closed.
    }
    listeners.forEach((listener) => {
      listener();
    });
  },

  listen,

  use: () => useSyncExternalStore(listen, preferences.get),
};
