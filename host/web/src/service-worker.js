/**
 * Keeps the shell of the pages, so that they open without a connection. What people last saw is kept by the pages
 * themselves (`src/api/memory.ts`); answers of the interface never pass through here.
 *
 * The page itself is always asked for first and only taken from what was kept when the host does not answer in time, so nobody
 * works with yesterday's pages after an update. Files under `/assets/` have a digest in their names and never change.
 */
const worker = /** @type {any} */ (globalThis);
const kept = `daybreak-${'__VERSION__'}`;
const shell = ['__SHELL__'];

/** How long the host has time to answer, in milliseconds. */
const patience = 4_000;

/** From this status on it is not the host that answers, but whatever stands before it. */
const badGateway = 502;

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
        event.respondWith(askedOrKept(request));
    } else if (address.pathname.startsWith('/assets/')) {
        event.respondWith(keptOrFetched(request));
    }
});

async function askedOrKept(request) {
    const asked = worker.fetch(request);
    const late = new Promise((resolve) => {
        worker.setTimeout(resolve, patience);
    });
    const answer = await Promise.race([asked, late]).catch(() => undefined);
    if (answer && answer.status < badGateway) {
        return answer;
    }
    const known = await worker.caches.match('/');
    if (!known) {
        return asked;
    }
    asked.catch(() => undefined);
    return known;
}

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
