import { useTranslation } from 'react-i18next';
import { ActionButton } from '../../parts/ActionButton.tsx';
import { ProblemNotice } from '../../parts/ProblemNotice.tsx';
import styles from './SetUp.module.css';

type Props = {
  query: {
    hasNextPage: boolean;
    isFetchingNextPage: boolean;
    isFetchNextPageError: boolean;
    error: unknown;
    fetchNextPage: () => unknown;
  };
};

/** The way to the next page of a list, where there is one. */
export function More({ query }: Props) {
  const { t } = useTranslation('setup');
  const more = () => {
    query.fetchNextPage();
  };
  if (query.isFetchNextPageError) {
    return <ProblemNotice problem={query.error} retry={more} />;
  }
  return query.hasNextPage ? (
    <div className={styles.more}>
      <ActionButton isBusy={query.isFetchingNextPage} onClick={more}>
        {t('more')}
      </ActionButton>
    </div>
  ) : null;
}
