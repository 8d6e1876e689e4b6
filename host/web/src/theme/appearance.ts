/** Light or dark: what somebody chose, else what the device is set to. */
import { useSyncExternalStore } from 'react';
import { preferences } from '../app/preferences.ts';
import type { Appearance } from './theme.ts';

const dark = window.matchMedia('(prefers-color-scheme: dark)');
const still = window.matchMedia('(prefers-reduced-motion: reduce)');

function listenTo(query: MediaQueryList) {
  return (changed: () => void) => {
    query.addEventListener('change', changed);
    return () => {
      query.removeEventListener('change', changed);
    };
  };
}

const listenToDark = listenTo(dark);
const listenToStill = listenTo(still);

export function useAppearance(): Appearance {
  const { theme } = preferences.use();
  const device = useSyncExternalStore(listenToDark, () => dark.matches);
  return theme === 'system' ? (device ? 'dark' : 'light') : theme;
}

/** Whether the device asks for as little motion as possible. */
export function useStillness(): boolean {
  return useSyncExternalStore(listenToStill, () => still.matches);
}
