import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { EmptyState } from '../parts/EmptyState.tsx';
import { useTitle } from './useTitle.ts';

/** Where an address leads nowhere. */
export function Missing() {
  return (
    <main id="content" tabIndex={-1}>
      <NothingHere />
    </main>
  );
}

/** The same on a page inside the frame, for what may not be seen: that it is there is not told. */
export function NothingHere() {
  const { t } = useTranslation();
  useTitle(t('missing.title'));
  return (
    <EmptyState heading="h1" title={t('missing.title')} action={<Link to="/">{t('missing.home')}</Link>}>
      {t('missing.text')}
    </EmptyState>
  );
}
