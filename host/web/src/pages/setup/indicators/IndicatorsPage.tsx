/** What is measured: each indicator with its plugin, its version, the goal of everybody, and whether it is on trial. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { goalsOfEverybodyQuery, indicatorsQuery, type Indicator } from '../../../api/indicators.ts';
import { pluginsQuery } from '../../../api/plugins.ts';
import { scorecardsQuery } from '../../../api/scorecards.ts';
import { Loading } from '../../../app/Loading.tsx';
import { useTitle } from '../../../app/useTitle.ts';
import { useFormats } from '../../../language/formats.ts';
import { TrialBadge } from '../../../parts/Badges.tsx';
import { EmptyState } from '../../../parts/EmptyState.tsx';
import { ProblemNotice } from '../../../parts/ProblemNotice.tsx';
import { PageHead } from '../PageHead.tsx';
import styles from '../SetUp.module.css';
import { goalText } from './goal.ts';

export function IndicatorsPage() {
  const { t } = useTranslation('setup');
  useTitle(t('part.indicators.title'));
  const indicators = useQuery(indicatorsQuery);
  return (
    <>
      <PageHead title={t('part.indicators.title')} lead={t('indicators.lead')} />
      {indicators.data === undefined ? (
        indicators.error ? (
          <ProblemNotice problem={indicators.error} retry={() => void indicators.refetch()} />
        ) : (
          <Loading />
        )
      ) : indicators.data.length === 0 ? (
        <EmptyState title={t('indicators.none')}>{t('indicators.noneText')}</EmptyState>
      ) : (
        <ul className={styles.list} aria-label={t('part.indicators.title')}>
          {indicators.data.map((indicator) => (
            <li key={indicator.id}>
              <Row indicator={indicator} />
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

function Row({ indicator }: { indicator: Indicator }) {
  const { t } = useTranslation('setup');
  const formats = useFormats();
  const goals = useQuery(goalsOfEverybodyQuery);
  const plugins = useQuery(pluginsQuery);
  const scorecards = useQuery(scorecardsQuery);
  const plugin = plugins.data?.find(({ name }) => name === indicator.plugin);
  const used = plugin?.pins.find(({ in_use, department }) => in_use && department == null);
  const version = plugin?.versions.find(({ component }) => component === used?.component);
  const trial =
    scorecards.data?.some(({ indicators }) =>
      indicators.some((entry) => entry.indicator === indicator.id && entry.trial === true),
    ) ?? false;
  const goal = goals.data?.findLast((goal) => goal.indicator === indicator.id);
  return (
    <Link to="/setup/indicators/$indicator" params={{ indicator: indicator.id }} className={styles.row}>
      <span>
        <span className={styles.name}>{formats.text(indicator.title)}</span>{' '}
        <span className={styles.code}>{indicator.id}</span>
      </span>
      <span className={styles.quiet}>
        {plugin ? formats.text(plugin.title) : indicator.plugin}
        {version && ` ${version.version}`}
      </span>
      <span className={styles.quiet}>
        {goal ? goalText(goal, indicator.unit, t, formats) : t('indicators.noGoal')}
      </span>
      <span>{trial && <TrialBadge />}</span>
    </Link>
  );
}
