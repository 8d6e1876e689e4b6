import type { ErrorComponentProps } from '@tanstack/react-router';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { Problem } from '../api/problem.ts';
import { EmptyState } from '../parts/EmptyState.tsx';
import { ProblemNotice } from '../parts/ProblemNotice.tsx';

/** Around every page: what it could not do, and what to do next. */
export function Broken({ error, reset }: ErrorComponentProps) {
  const { t } = useTranslation();
  if (error instanceof Problem) {
    return <ProblemNotice problem={error} retry={reset} />;
  }
  const again = (
    <Button
      type="primary"
      onClick={() => {
        window.location.reload();
      }}
    >
      {t('broken.again')}
    </Button>
  );
  return (
    <EmptyState heading="h1" title={t('broken.title')} action={again}>
      {t('broken.text')}
    </EmptyState>
  );
}
