import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { Problem } from '../api/problem.ts';
import { EmptyState } from '../parts/EmptyState.tsx';
import { ProblemNotice } from '../parts/ProblemNotice.tsx';

/** Around every page: what it could not do, and what to do next. */
export function Broken({ error, reset }: { error: unknown; reset: () => void }) {
  const { t } = useTranslation();
  if (error instanceof Problem) {
    return (
      <main id="content" tabIndex={-1}>
        <ProblemNotice problem={error} retry={reset} />
      </main>
    );
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
    <main id="content" tabIndex={-1}>
      <EmptyState heading="h1" title={t('broken.title')} action={again}>
        {t('broken.text')}
      </EmptyState>
    </main>
  );
}
