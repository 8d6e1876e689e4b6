/** The providers around every page: data, theme, language of the component library, routes. */
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { ConfigProvider } from 'antd';
import english from 'antd/locale/en_US';
import chinese from 'antd/locale/zh_CN';
import { useLayoutEffect } from 'react';
import { memory } from '../api/memory.ts';
import { useAppearance, useStillness } from '../theme/appearance.ts';
import { nonce } from '../theme/nonce.ts';
import { groundOf, themeOf, VARIABLES } from '../theme/theme.ts';
import { preferences } from './preferences.ts';
import { router } from './router.tsx';

export function App() {
  const { language } = preferences.use();
  const appearance = useAppearance();
  const still = useStillness();
  useLayoutEffect(() => {
    const root = document.documentElement;
    root.dataset.appearance = appearance;
    root.classList.add(VARIABLES);
    document.querySelectorAll<HTMLMetaElement>('meta[name="theme-color"]').forEach((meta) => {
      meta.content = groundOf(appearance);
    });
  }, [appearance]);
  return (
    <QueryClientProvider client={memory}>
      <ConfigProvider
        theme={themeOf(appearance, still)}
        locale={language === 'zh-CN' ? chinese : english}
        csp={{ nonce }}
        // Two Chinese characters in a button are not set apart.
        button={{ autoInsertSpace: false }}
      >
        <RouterProvider router={router} />
      </ConfigProvider>
    </QueryClientProvider>
  );
}
