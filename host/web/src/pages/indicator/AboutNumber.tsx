import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { HistoryMonth, IndicatorHistory } from '../../api/indicator.ts';
import { questionsAboutQuery } from '../../api/questions.ts';
import { StateTag } from '../../parts/question/StateTag.tsx';
import { Thread } from '../../parts/question/Thread.tsx';
import styles from './IndicatorPage.module.css';

/** The questions about the number of one month, with all that was written. Nothing where nobody has asked. */
export function AboutNumber({ history, month }: { history: IndicatorHistory; month: HistoryMonth }) {
  const { t } = useTranslation('questions');
  const asked = useQuery(questionsAboutQuery(history.person));
  const questions = (asked.data ?? []).filter(
    ({ about }) => about.indicator === history.indicator && about.period === month.month,
  );
  if (questions.length === 0) {
    return null;
  }
  return (
    <section className={styles.card} aria-labelledby="questions">
      <h2 id="questions">{t('aboutThis')}</h2>
      {questions.map(({ id, state }) => (
        <div key={id} className={styles.question}>
          <p className={styles.cardHead}>
            <StateTag state={state} />
            <Link to="/questions/$id" params={{ id }}>
              {t('open')}
            </Link>
          </p>
          <Thread id={id} />
        </div>
      ))}
    </section>
  );
}
