/**
 * After an update of the host a page that was open before may ask for a part that is no longer there. It is loaded anew then,
 * but not again and again: without a connection, or where something else is wrong, that would help nobody.
 */

const PLACE = 'daybreak.loaded-anew';

/** Shortest time between two such loadings, in milliseconds. */
const PAUSE = 60_000;

export function loadAnewAfterUpdates() {
  window.addEventListener('vite:preloadError', (event) => {
    const last = Number(sessionStorage.getItem(PLACE) ?? 0);
    if (navigator.onLine && Date.now() - last > PAUSE) {
      event.preventDefault();
      sessionStorage.setItem(PLACE, String(Date.now()));
      window.location.reload();
    }
  });
}
