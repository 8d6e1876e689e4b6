/** The worker that keeps the shell of the pages for when there is no connection. */

/** Built pages are kept; those of the development server change all the time. */
export function keepForOffline() {
  if (import.meta.env.PROD && 'serviceWorker' in navigator) {
    // A browser that refuses (a private window, for example) shows the pages all the same.
    void navigator.serviceWorker.register('/service-worker.js').catch(() => undefined);
  }
}
