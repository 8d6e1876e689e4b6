import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { RefObject } from 'react';
import { useTranslation } from 'react-i18next';
import { compositeQuery, replayComposite, type GrowthMap, type GrowthMonth } from '../../api/growth.ts';
import { questionsAboutQuery } from '../../api/questions.ts';
import { useFormats } from '../../language/formats.ts';
import { NotComputable } from '../../parts/Badges.tsx';
import { Points } from '../../parts/Points.tsx';
import { ProblemNotice } from '../../parts/ProblemNotice.tsx';
import { QuestionButton } from '../../parts/question/QuestionButton.tsx';
import { StateTag } from '../../parts/question/StateTag.tsx';
import { ReplayButton } from '../../parts/ReplayButton.tsx';
import styles from './GrowthPage.module.css';

type Props = {
  person: string;
  month: GrowthMonth;
  composite: NonNullable<GrowthMonth['composite']>;
  indicators: GrowthMap['indicators'];
  heading: RefObject<HTMLHeadingElement | null>;
};

/** The whole: everything of a composite counts. */
const WHOLE = 1_000_000;

/** The composite of one month: what it is made of, with which shares, and what does not count. */
export function CompositeOfMonth({ person, month, composite, indicators, heading }: Props) {
  const { t } = useTranslation('growth');
  const formats = useFormats();
  const { sequence, points } = composite;
  const questions = useQuery(questionsAboutQuery(person));
  const name = formats.month(month.month);
  const asked = (questions.data ?? []).filter(
    ({ about }) => about.what === 'composite' && about.period === month.month,
  );
  const value = points == null ? t('notComputable') : t('points', { points: formats.points(points) });
  return (
    <section className={styles.card} aria-labelledby="composite">
      <h2 id="composite" ref={heading} tabIndex={-1} className={styles.opened}>
        {t('composite.title', { month: name })}
      </h2>
      {points != null && (
        <p>
          <Points points={points} size="huge" />
        </p>
      )}
      {composite.change != null && (
        <p className={styles.said}>{t('change', { difference: formats.difference(composite.change) })}</p>
      )}
      <Shares person={person} month={month} sequence={sequence} indicators={indicators} />
      {asked.map(({ id, state, text }) => (
        <p key={id} className={styles.asked}>
          <StateTag state={state} />
          <Link to="/questions/$id" params={{ id }}>
            {text}
          </Link>
        </p>
      ))}
      <div className={styles.actions}>
        <QuestionButton
          asked={{ what: 'composite', sequence }}
          name={`${person}.composite.${month.month}`}
          about={t('composite.number', { month: name, value })}
        />
      </div>
      <ReplayButton key={sequence} replay={() => replayComposite(sequence)} />
    </section>
  );
}

type SharesProps = Pick<Props, 'person' | 'month' | 'indicators'> & { sequence: number };

function Shares({ person, month, sequence, indicators }: SharesProps) {
  const { t } = useTranslation('growth');
  const formats = useFormats();
  const read = useQuery(compositeQuery(sequence));
  if (read.data === undefined) {
    return read.error ? <ProblemNotice problem={read.error} retry={() => void read.refetch()} /> : null;
  }
  const { composite, receipt } = read.data;
  const titleOf = (id: string) => {
    const indicator = indicators.find(({ indicator }) => indicator === id);
    return indicator ? formats.text(indicator.title) : id;
  };
  const pointsOf = (id: string) => month.scores.find(({ indicator }) => indicator === id)?.points;
  return (
    <>
      {composite.points == null && <NotComputable reason={composite.not_computable} />}
      {composite.coverage < WHOLE && (
        <p className={styles.said}>{t('composite.coverage', { share: formats.share(composite.coverage) })}</p>
      )}
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">{t('composite.indicator')}</th>
            <th scope="col">{t('composite.share')}</th>
            <th scope="col">{t('composite.points')}</th>
          </tr>
        </thead>
        <tbody>
          {receipt.shares.map(({ indicator, share }) => {
            const points = pointsOf(indicator);
            const missing = composite.missing_indicators.find((one) => one.indicator === indicator);
            return (
              <tr key={indicator}>
                <th scope="row">
                  <Link
                    to="/people/$person/indicators/$indicator"
                    params={{ person, indicator }}
                    search={{ month: month.month }}
                  >
                    {titleOf(indicator)}
                  </Link>
                  {missing && <span className={styles.reason}>{formats.text(missing.reason)}</span>}
                </th>
                <td>{formats.share(share)}</td>
                <td>{points == null ? t('noneShort') : formats.points(points)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </>
  );
}
