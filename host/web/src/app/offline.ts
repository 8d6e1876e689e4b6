/** Without a connection: whether there is one, and the worker that keeps the shell of the pages. */
import { useSyncExternalStore } from 'react';

function listen(changed: () => void) {
  window.addEventListener('online', changed);
  window.addEventListener('offline', changed);
  return () => {
    window.removeEventListener('online', changed);
    window.removeEventListener('offline', changed);
  };
}

/** Whether the device says that it has a connection. */
export function useOnline(): boolean {
  return useSyncExternalStore(listen, () => navigator.onLine);
}

/** Built pages are kept; those of the development server change all the time. */
export function keepForOffline() {
  if (import.meta.env.PROD && 'serviceWorker' in navigator) {
    // A browser that refuses (a private window, for example) shows the pages all the same.
    void navigator.serviceWorker.register('/service-worker.js').catch(() => undefined);
  }
}
