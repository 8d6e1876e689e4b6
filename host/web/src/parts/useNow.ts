import { useSyncExternalStore } from 'react';

/** How often an age that is shown is counted anew, in milliseconds. */
const STEP = 30_000;

let now = Date.now();
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

function listen(listener: () => void) {
  listeners.add(listener);
  timer ??= setInterval(() => {
    now = Date.now();
    listeners.forEach((listener) => {
      listener();
    });
  }, STEP);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) {
      clearInterval(timer);
      timer = undefined;
    }
  };
}

/** The device's clock, for ages only; one timer for all that show one. */
export function useNow(): number {
  return useSyncExternalStore(listen, () => now);
}
