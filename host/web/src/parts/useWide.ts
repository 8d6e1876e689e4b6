import { useSyncExternalStore } from 'react';

/** From this width on there is room for columns and tables; style sheets have the same one. */
const wide = window.matchMedia('(min-width: 900px)');

function listen(changed: () => void) {
  wide.addEventListener('change', changed);
  return () => {
    wide.removeEventListener('change', changed);
  };
}

/** Whether there is room for a table; else a list of cards holds the same. */
export function useWide(): boolean {
  return useSyncExternalStore(listen, () => wide.matches);
}
