import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { scoreQuery, type HistoryMonth, type IndicatorHistory, type Score } from '../../api/indicator.ts';
import { useFormats } from '../../language/formats.ts';
import { Age, NotComputable, TrialBadge } from '../../parts/Badges.tsx';
import { Points } from '../../parts/Points.tsx';
import { ProblemNotice } from '../../parts/ProblemNotice.tsx';
import { QuestionButton } from '../../parts/question/QuestionButton.tsx';
import { useGoalWords } from './useGoalWords.ts';
import styles from './IndicatorPage.module.css';

/** The number of one month: how much, measured against what, made of which parts. */
export function MonthDetail({ history, month }: { history: IndicatorHistory; month: HistoryMonth }) {
  const { t } = useTranslation('indicator');
  const formats = useFormats();
  const goalWords = useGoalWords();
  const { score } = month;
  const title = formats.text(history.title);
  const name = formats.month(month.month);
  if (!score) {
    return (
      <section className={styles.card} aria-labelledby="month">
        <h2 id="month">{name}</h2>
        <p className={styles.quiet}>{month.stale ? t('scoreComing') : t('scoreNone')}</p>
      </section>
    );
  }
  const value = score.raw == null ? undefined : formats.value(score.raw, history.unit);
  const goal = goalWords(score.goal, history.unit);
  const attached =
    score.points != null
      ? t('attachedPoints', { points: formats.points(score.points), value: value ?? t('none') })
      : (value ?? t('notComputable'));
  return (
    <section className={styles.card} aria-labelledby="month">
      <div className={styles.cardHead}>
        <h2 id="month">{name}</h2>
        {history.trial && <TrialBadge />}
      </div>
      {score.points != null && (
        <p className={styles.number} data-trial={history.trial ? '' : undefined}>
          <Points points={score.points} size="huge" />
        </p>
      )}
      {score.not_computable ? (
        <NotComputable reason={score.not_computable} />
      ) : (
        value !== undefined && (
          <p className={styles.lead}>
            {goal === undefined ? t('valueWithoutGoal', { value }) : t('valueWithGoal', { value, goal })}
          </p>
        )
      )}
      <p className={styles.meta}>
        <Age at={score.computed_at ?? undefined} stale={month.stale} />
        {score.sample != null && <span>{t('sample', { count: score.sample })}</span>}
      </p>
      {score.faulted && <p className={styles.caution}>{t('faulted')}</p>}
      <ScoreParts sequence={score.sequence} newest={history.newest ?? undefined} />
      <div className={styles.actions}>
        <QuestionButton
          key={month.month}
          asked={{ what: 'score', sequence: score.sequence }}
          name={`${history.person}.${history.indicator}.${month.month}`}
          about={t('numberOf', { title, month: name, value: attached })}
        />
      </div>
    </section>
  );
}

function ScoreParts({ sequence, newest }: { sequence: number; newest: Score | undefined }) {
  const { t } = useTranslation('indicator');
  const formats = useFormats();
  const read = useQuery({
    ...scoreQuery(sequence),
    ...(newest?.sequence === sequence && { initialData: newest }),
  });
  const score = read.data;
  if (score === undefined) {
    return read.error ? <ProblemNotice problem={read.error} retry={() => void read.refetch()} /> : null;
  }
  const widest = Math.max(...score.parts.map(({ points }) => Math.abs(points)), 1);
  return (
    <>
      {score.parts.length > 0 && score.points != null && (
        <div className={styles.part}>
          <h3>{t('parts')}</h3>
          <table className={styles.bars}>
            <tbody>
              {score.parts.map((part, index) => (
                <tr key={index}>
                  <th scope="row">
                    {formats.text(part.label)}
                    <span className={styles.bar} aria-hidden="true">
                      <span
                        data-negative={part.points < 0 ? '' : undefined}
                        style={{ width: `${(100 * Math.abs(part.points)) / widest}%` }}
                      />
                    </span>
                  </th>
                  <td>{formats.points(part.points)}</td>
                </tr>
              ))}
            </tbody>
            <tfoot>
              <tr>
                <th scope="row">{t('partsTotal')}</th>
                <td>{formats.points(score.points)}</td>
              </tr>
            </tfoot>
          </table>
        </div>
      )}
      {score.figures.length > 0 && (
        <div className={styles.part}>
          <h3>{t('figures')}</h3>
          <dl className={styles.figures}>
            {score.figures.map((figure) => (
              <div key={figure.key}>
                <dt>{formats.text(figure.label)}</dt>
                <dd>{formats.value(figure.value, figure.unit)}</dd>
              </div>
            ))}
          </dl>
        </div>
      )}
    </>
  );
}
