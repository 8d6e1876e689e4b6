/**
 * The texts of the pages. Each language is a chunk of its own and is fetched when it is first needed; `locales/` holds one
 * file for each part of the pages, and `tests/texts.test.ts` keeps both languages complete.
 */
import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import { preferences, type Language } from '../app/preferences.ts';
import type texts from '../../locales/en.ts';

declare module 'i18next' {
  // The library is told its texts by adding to an interface of its own.
  // eslint-disable-next-line @typescript-eslint/consistent-type-definitions
  interface CustomTypeOptions {
    defaultNS: 'shell';
    resources: typeof texts;
    enableSelector: false;
  }
}

const SOURCES = {
  'zh-CN': () => import('../../locales/zh-CN.ts'),
  en: () => import('../../locales/en.ts'),
} satisfies Record<Language, () => Promise<{ default: object }>>;

async function load(language: Language) {
  if (i18next.hasResourceBundle(language, 'shell')) {
    return;
  }
  const { default: parts } = await SOURCES[language]();
  for (const [part, entries] of Object.entries(parts)) {
    i18next.addResourceBundle(language, part, entries);
  }
}

async function speak(language: Language) {
  await load(language);
  // Somebody may have chosen again in the meantime.
  if (preferences.get().language === language) {
    await i18next.changeLanguage(language);
    document.documentElement.lang = language;
  }
}

/** Makes the texts of the chosen language ready, and follows the choice from then on. */
export async function startSpeaking(): Promise<void> {
  const { language } = preferences.get();
  await i18next.use(initReactI18next).init({
    lng: language,
    ns: ['shell'],
    defaultNS: 'shell',
    resources: {},
    interpolation: { escapeValue: false },
    react: { useSuspense: false },
  });
  await speak(language);
  preferences.listen(() => {
    if (i18next.language !== preferences.get().language) {
      void speak(preferences.get().language);
    }
  });
}
