/** Which scorecards are in force, for whom, and what counts most in each. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { indicatorsQuery } from '../../../api/indicators.ts';
import { scorecardsQuery, type Scorecard } from '../../../api/scorecards.ts';
import { Loading } from '../../../app/Loading.tsx';
import { useTitle } from '../../../app/useTitle.ts';
import { useFormats } from '../../../language/formats.ts';
import { EmptyState } from '../../../parts/EmptyState.tsx';
import { ProblemNotice } from '../../../parts/ProblemNotice.tsx';
import { PageHead } from '../PageHead.tsx';
import styles from '../SetUp.module.css';
import { usePlaceName } from './usePlaceName.ts';

/** How many indicators are named in a row. */
const NAMED = 3;

export function ScorecardsPage() {
  const { t } = useTranslation('setup');
  useTitle(t('part.scorecards.title'));
  const scorecards = useQuery(scorecardsQuery);
  const head = <PageHead title={t('part.scorecards.title')} lead={t('scorecards.lead')} />;
  if (scorecards.data === undefined) {
    return scorecards.error ? (
      <>
        {head}
        <ProblemNotice problem={scorecards.error} retry={() => void scorecards.refetch()} />
      </>
    ) : (
      <Loading />
    );
  }
  if (scorecards.data.length === 0) {
    return (
      <>
        {head}
        <EmptyState title={t('scorecards.none')}>{t('scorecards.noneText')}</EmptyState>
      </>
    );
  }
  return (
    <>
      {head}
      <ul className={styles.list}>
        {scorecards.data.map((scorecard) => (
          <li key={scorecard.id}>
            <Row scorecard={scorecard} />
          </li>
        ))}
      </ul>
    </>
  );
}

function Row({ scorecard }: { scorecard: Scorecard }) {
  const { t } = useTranslation('setup');
  const formats = useFormats();
  const place = usePlaceName(scorecard.place);
  const indicators = useQuery(indicatorsQuery);
  const titles = new Map(indicators.data?.map(({ id, title }) => [id, formats.text(title)]));
  const counting = scorecard.indicators.filter(({ trial }) => trial !== true);
  const trials = scorecard.indicators.length - counting.length;
  const largest = [...counting]
    .sort((a, b) => (b.share ?? 0) - (a.share ?? 0))
    .slice(0, NAMED)
    .map(({ indicator, share = 0 }) => `${titles.get(indicator) ?? indicator} ${formats.share(share)}`);
  return (
    <Link to="/setup/scorecards/$scorecard" params={{ scorecard: scorecard.id }} className={styles.row}>
      <span className={styles.name}>{formats.text(scorecard.title)}</span>
      <span className={styles.quiet}>{place}</span>
      <span className={styles.quiet}>{formats.list(largest)}</span>
      <span className={styles.quiet}>
        {trials === 0
          ? t('scorecards.count', { count: counting.length })
          : t('scorecards.countWithTrials', { count: counting.length, trials })}
      </span>
    </Link>
  );
}
