import { RightOutlined } from '@ant-design/icons';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { DayCard } from '../../api/day.ts';
import { useFormats } from '../../language/formats.ts';
import { Age, NotComputable, TrialBadge } from '../../parts/Badges.tsx';
import { Chart } from '../../parts/chart/Chart.tsx';
import { IndicatorLink } from '../../parts/IndicatorLink.tsx';
import { Panel } from '../../parts/Panel.tsx';
import { Points } from '../../parts/Points.tsx';
import { QuestionButton } from '../../parts/question/QuestionButton.tsx';
import { Sentence } from '../../parts/Sentence.tsx';
import { Value } from '../../parts/Value.tsx';
import styles from './IndicatorCard.module.css';

/** One indicator: its value and points, its year with its sentence, and what they rest on. */
export function IndicatorCard({ card, person }: { card: DayCard; person: string }) {
  const { t } = useTranslation('day');
  const formats = useFormats();
  const { indicator, score, unit, trial, trend, capture } = card;
  const title = formats.text(card.title);
  const values = useMemo(() => trend.map(({ month, raw }) => ({ month, value: raw ?? undefined })), [trend]);
  // One value is no trend: it stands above already.
  const isDrawn = values.filter(({ value }) => value !== undefined).length > 1;
  const shown = score?.raw == null ? undefined : formats.value(score.raw, unit);
  // The goal of the day; on a host that does not tell it, the goal of the score.
  const goal = card.goal ?? score;
  const counts = card.share == null ? t('notCounted') : t('share', { share: formats.share(card.share) });
  return (
    <Panel as="article" label={title} className={styles.card}>
      <header className={styles.head}>
        <h3>
          <IndicatorLink person={person} indicator={indicator} className={styles.title}>
            {title}
            <RightOutlined aria-hidden />
          </IndicatorLink>
        </h3>
        {trial && <TrialBadge />}
      </header>
      <div className={styles.numbers}>
        {score?.raw != null && (
          <IndicatorLink person={person} indicator={indicator} className={styles.value}>
            <Value value={score.raw} unit={unit} />
          </IndicatorLink>
        )}
        {score?.points != null && (
          <span className={styles.points}>
            <Points points={score.points} size="small" />
          </span>
        )}
        {score?.not_computable && <NotComputable reason={score.not_computable} />}
        {!score && <p className={styles.quiet}>{t('noScore')}</p>}
      </div>
      <p className={styles.facts}>
        {score && <span>{t('inMonth', { month: formats.month(score.period) })}</span>}
        {goal?.target != null && <span>{t('target', { value: formats.value(goal.target, unit) })}</span>}
        <span>{counts}</span>
        {capture?.untyped_share != null && (
          <span>{t('capture', { share: formats.share(capture.untyped_share) })}</span>
        )}
      </p>
      {isDrawn ? (
        <Chart
          title={title}
          unit={unit}
          values={values}
          trial={trial}
          sentence={card.sentence}
          target={goal?.target ?? undefined}
          baseline={goal?.baseline ?? undefined}
          stretch={goal?.stretch ?? undefined}
          height={160}
        />
      ) : (
        card.sentence && <Sentence sentence={card.sentence} />
      )}
      {score && (
        <footer className={styles.below}>
          <Age at={score.computed_at} stale={score.stale} faulted={score.faulted} />
          <QuestionButton
            asked={{ what: 'score', sequence: score.sequence }}
            name={`${person}.${indicator}.${score.period}`}
            about={t('about', { title, month: formats.month(score.period), value: shown ?? t('noScore') })}
          />
        </footer>
      )}
    </Panel>
  );
}
