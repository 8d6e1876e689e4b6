/** At which size, in which language and in which theme a test sees the pages. */
export type Look = { size: 'phone' | 'desktop'; language: 'zh-CN' | 'en'; theme: 'light' | 'dark' };
