/**
 * Keeps the shell of the pages, so that they open without a connection. What people last saw is kept by the pages
 * themselves (`src/api/memory.ts`); answers of the interface never pass through here.
 *
 * The page itself is always asked for first and only taken from what was kept when nobody answers, so nobody works with
 * yesterday's pages after an update. Files under `/assets/` have a digest in their names and never change.
 */
const worker = /** @type {any} */ (globalThis);
const kept = `daybreak-${'__VERSION__'}`;
const shell = ['__SHELL__'];

worker.addEventListener('install', (event) => {
    event.waitUntil(
        worker.caches
            .open(kept)
            .then((cache) => cache.addAll(['/', '/icon.svg', '/manifest.webmanifest', ...shell]))
            .then(() => worker.skipWaiting()),
    );
});

worker.addEventListener('activate', (event) => {
    event.waitUntil(
        worker.caches
            .keys()
            .then((names) =>
                Promise.all(names.filter((name) => name !== kept).map((name) => worker.caches.delete(name))),
            )
            .then(() => worker.clients.claim()),
    );
});

worker.addEventListener('fetch', (event) => {
    const { request } = event;
    const address = new worker.URL(request.url);
    if (
        request.method !== 'GET' ||
        address.origin !== worker.location.origin ||
        address.pathname.startsWith('/api/')
    ) {
        return;
    }
    if (request.mode === 'navigate') {
        event.respondWith(worker.fetch(request).catch(() => worker.caches.match('/')));
    } else if (address.pathname.startsWith('/assets/')) {
        event.respondWith(keptOrFetched(request));
    }
});

async function keptOrFetched(request) {
    const cache = await worker.caches.open(kept);
    const known = await cache.match(request);
    if (known) {
        return known;
    }
    const answer = await worker.fetch(request);
    if (answer.ok) {
        await cache.put(request, answer.clone());
    }
    return answer;
}
