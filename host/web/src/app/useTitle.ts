import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';

/** The title of the window, as histories and readers of screens say it. */
export function useTitle(title: string) {
  const { t } = useTranslation();
  const product = t('product');
  useEffect(() => {
    document.title = `${title} · ${product}`;
  }, [title, product]);
}
