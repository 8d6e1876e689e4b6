/** One question: the number as it was, as it is now, and what was written about it. */
import { LeftOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Problem } from '../../api/problem.ts';
import { questionQuery, type Question, type QuestionWithEntries } from '../../api/questions.ts';
import { Loading } from '../../app/Loading.tsx';
import { Missing } from '../../app/Missing.tsx';
import { useTitle } from '../../app/useTitle.ts';
import { useFormats } from '../../language/formats.ts';
import { ProblemNotice } from '../../parts/ProblemNotice.tsx';
import { StateTag } from '../../parts/question/StateTag.tsx';
import { Entries } from '../../parts/question/Thread.tsx';
import { useNumberName } from './useNumberName.ts';
import styles from './QuestionsPage.module.css';

export function QuestionPage() {
  const { id } = useParams({ from: '/signed-in/questions/$id' });
  const read = useQuery(questionQuery(id));
  if (read.error instanceof Problem && read.error.word === 'not-found') {
    return <Missing />;
  }
  if (read.data === undefined) {
    return read.error ? (
      <ProblemNotice problem={read.error} retry={() => void read.refetch()} />
    ) : (
      <Loading />
    );
  }
  return <Found found={read.data} />;
}

function Found({ found }: { found: QuestionWithEntries }) {
  const { t } = useTranslation('questions');
  const formats = useFormats();
  const nameOf = useNumberName();
  const { question } = found;
  const { about } = question;
  const name = nameOf(about);
  useTitle(name);
  const reached = question.put_to.map(({ name }) => name).filter((name) => name !== '');
  return (
    <article className={styles.page}>
      <Link to="/questions" className={styles.back}>
        <LeftOutlined aria-hidden /> {t('title')}
      </Link>
      <div className={styles.titleLine}>
        <h1>{name}</h1>
        <StateTag state={question.state} />
      </div>
      <p className={styles.byline}>
        {about.subject_name != null && about.subject_name !== '' && <span>{about.subject_name}</span>}
        {reached.length > 0 && <span>{t('putTo', { people: formats.list(reached) })}</span>}
      </p>
      <Numbers found={found} />
      <section className={styles.card} aria-label={t('entries')}>
        <Entries found={found} />
      </section>
    </article>
  );
}

/** The number as it was asked about beside the one of today. */
function Numbers({ found: { question, current } }: { found: QuestionWithEntries }) {
  const { t } = useTranslation('questions');
  const formats = useFormats();
  const { asked, about } = question;
  if (!asked) {
    return <p className={styles.lead}>{t('numberHidden')}</p>;
  }
  const words = (number: { raw?: number | null; points?: number | null }) =>
    [
      number.points != null && t('points', { points: formats.points(number.points) }),
      number.raw != null && t('raw', { raw: formats.number(number.raw) }),
    ]
      .filter((word) => word !== false)
      .join(t('comma'));
  const difference =
    current?.points_difference != null
      ? t('differencePoints', { difference: formats.difference(current.points_difference) })
      : current?.raw_difference != null
        ? t('differenceRaw', { difference: formats.difference(current.raw_difference) })
        : undefined;
  return (
    <section className={styles.card} aria-label={t('numbers')}>
      <dl className={styles.numbers}>
        <div>
          <dt>{t('whenAsked')}</dt>
          <dd>{words(asked) || t('noNumber')}</dd>
        </div>
        {current && (
          <div>
            <dt>{t('now')}</dt>
            <dd>{words(current) || t('noNumber')}</dd>
          </div>
        )}
      </dl>
      <p className={styles.lead}>{current ? (difference ?? t('replaced')) : t('unchanged')}</p>
      <ToNumber about={about} />
    </section>
  );
}

function ToNumber({ about }: { about: Question['about'] }) {
  const { t } = useTranslation('questions');
  if (about.subject_kind !== 'employee') {
    return null;
  }
  return about.indicator == null ? (
    <Link to="/people/$person/growth" params={{ person: about.subject }} search={{ month: about.period }}>
      {t('toNumber')}
    </Link>
  ) : (
    <Link
      to="/people/$person/indicators/$indicator"
      params={{ person: about.subject, indicator: about.indicator }}
      search={{ month: about.period }}
    >
      {t('toNumber')}
    </Link>
  );
}
