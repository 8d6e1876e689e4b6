import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { EmptyState } from '../parts/EmptyState.tsx';
import { useTitle } from './useTitle.ts';

/** Where an address leads nowhere. What may not be seen looks the same. */
export function Missing() {
  const { t } = useTranslation();
  useTitle(t('missing.title'));
  return (
    <EmptyState heading="h1" title={t('missing.title')} action={<Link to="/">{t('missing.home')}</Link>}>
      {t('missing.text')}
    </EmptyState>
  );
}
