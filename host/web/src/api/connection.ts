/** Whether the host was reached: what the device says of its connection, and how the last request ended. */
import { useSyncExternalStore } from 'react';

let reached = true;
const listeners = new Set<() => void>();

function tell() {
  listeners.forEach((listener) => {
    listener();
  });
}

function listen(listener: () => void) {
  listeners.add(listener);
  window.addEventListener('online', listener);
  window.addEventListener('offline', listener);
  return () => {
    listeners.delete(listener);
    window.removeEventListener('online', listener);
    window.removeEventListener('offline', listener);
  };
}

/** Called with how each request ended: whether there was any answer. */
export function note(wasReached: boolean) {
  if (reached !== wasReached) {
    reached = wasReached;
    tell();
  }
}

export function useConnection(): boolean {
  return useSyncExternalStore(listen, () => reached && navigator.onLine);
}
