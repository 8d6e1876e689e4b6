/** From top to bottom: what was seen last is remembered, the language is made ready, the pages are shown. */
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { remember } from './api/memory.ts';
import { App } from './app/App.tsx';
import { keepForOffline } from './app/offline.ts';
import { loadAnewAfterUpdates } from './app/update.ts';
import { startSpeaking } from './language/language.ts';
import { markStyleSheets } from './theme/nonce.ts';
import './theme/ground.css';

const root = document.getElementById('root');
if (root === null) {
  throw new Error('index.html has no element with the id root');
}
markStyleSheets();
loadAnewAfterUpdates();
await Promise.all([remember(), startSpeaking()]);
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
keepForOffline();
