/**
 * Measures how long somebody waits for My day, on a phone far from the host: Chromium with a processor slowed four times and
 * a network profile of 4G, against the address of a demonstration (`cargo xtask demo`). Several runs with an empty cache,
 * each followed by a second visit; medians are printed. It is no part of the tests: they measure no time.
 *
 * Usage: npm run first-page -- ADDRESS [RUNS]
 */
import { existsSync, readFileSync } from 'node:fs';
import { chromium } from '@playwright/test';

const [address, runs = '5'] = process.argv.slice(2);
if (address === undefined || !/^https?:/.test(address) || !(Number(runs) > 0)) {
    console.error('Usage: npm run first-page -- http://127.0.0.1:8080 [RUNS]');
    process.exit(2);
}

const SLOWED = 4;

/** "Fast 4G" and "Slow 4G" as the developer tools of Chromium know them: the latency is added to each request. */
const NETWORKS = {
    'Fast 4G': { latency: 165, downloadThroughput: (8_100 * 1000) / 8, uploadThroughput: (1_350 * 1000) / 8 },
    'Slow 4G': { latency: 562.5, downloadThroughput: (1_440 * 1000) / 8, uploadThroughput: (675 * 1000) / 8 },
};

const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true, locale: 'en' };

const texts = JSON.parse(readFileSync(new URL('../locales/en/day.json', import.meta.url), 'utf8'));
/** What stands above the sentence in the headline of My day. */
const labels = [texts.oneThing, texts.goesWell];

const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(
    (path) => existsSync(path),
);
const browser = await chromium.launch({
    ...(executablePath !== undefined && { executablePath }),
    // Chromium refuses its sandbox to root. Nothing but our own pages is opened.
    args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
});

/** A page as slow as a phone on this network. */
async function slowPage(context, network) {
    const page = await context.newPage();
    const tools = await context.newCDPSession(page);
    await tools.send('Network.enable');
    await tools.send('Network.emulateNetworkConditions', { offline: false, ...network });
    await tools.send('Emulation.setCPUThrottlingRate', { rate: SLOWED });
    return page;
}

/** Waits inside the page, so that only the page's own time counts; `press` is the button to begin with, if any. */
function readable(page, press) {
    return page.evaluate(
        ({ labels, press }) =>
            new Promise((resolve) => {
                // The clock of a page starts with the navigation to it.
                const begin = press ? performance.now() : 0;
                if (press) {
                    document.querySelector('section ul button').click();
                }
                const look = () => {
                    const label = [...document.querySelectorAll('main p')].find(({ textContent }) =>
                        labels.includes(textContent),
                    );
                    const hasSentence = label?.parentElement.querySelectorAll('p').length > 1;
                    const hasNumber = /\d/.test(
                        label?.closest('section')?.querySelector('[data-size="huge"]')?.textContent,
                    );
                    if (hasSentence && hasNumber) {
                        // The frame in which it is there has still to be painted.
                        requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - begin)));
                    } else {
                        requestAnimationFrame(look);
                    }
                };
                look();
            }),
        { labels, press },
    );
}

const median = (times) => times.sort((a, b) => a - b)[Math.floor(times.length / 2)];
const seconds = (milliseconds) => `${(milliseconds / 1000).toFixed(2)} s`;
const told = (times) =>
    `${seconds(median(times))} (${seconds(Math.min(...times))} to ${seconds(Math.max(...times))})`;

for (const [name, network] of Object.entries(NETWORKS)) {
    const times = { opened: [], pressed: [], again: [] };
    for (let run = 0; run < Number(runs); run += 1) {
        // The profile does not reach the requests of a service worker, so there is none: the second visit has the cache of
        // the browser and what the page kept itself.
        const context = await browser.newContext({ ...PHONE, serviceWorkers: 'block' });
        const page = await slowPage(context, network);
        await page.goto(`${address}/sign-in`, { waitUntil: 'commit' });
        await page.locator('section ul button').first().waitFor();
        times.opened.push(await page.evaluate(() => performance.now()));
        // Whatever the page fetches ahead while somebody reads whom they may be.
        await page.waitForLoadState('networkidle');
        times.pressed.push(await readable(page, true));
        await page.waitForLoadState('networkidle');
        await page.close();
        const second = await slowPage(context, network);
        await second.goto(address, { waitUntil: 'commit' });
        times.again.push(await readable(second, false));
        await context.close();
    }
    console.log(`${name}, ${runs} runs, medians (least to most)`);
    console.log(`  the address is opened until one can sign in   ${told(times.opened)}`);
    console.log(`  the button is pressed until My day is read    ${told(times.pressed)}`);
    console.log(`  a second visit until My day is read           ${told(times.again)}`);
}
await browser.close();
