/** The questions that wait for somebody, those that they asked, and all that they see. */
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { Segmented } from 'antd';
import { useTranslation } from 'react-i18next';
import { questionListQuery, type Question, type QuestionChoice } from '../../api/questions.ts';
import { Loading } from '../../app/Loading.tsx';
import { useSession } from '../../app/session.ts';
import { useTitle } from '../../app/useTitle.ts';
import { useFormats } from '../../language/formats.ts';
import { ActionButton } from '../../parts/ActionButton.tsx';
import { EmptyState } from '../../parts/EmptyState.tsx';
import { ProblemNotice } from '../../parts/ProblemNotice.tsx';
import { StateTag } from '../../parts/question/StateTag.tsx';
import { useNumberName } from './useNumberName.ts';
import styles from './QuestionsPage.module.css';

export function QuestionsPage() {
  const { t } = useTranslation('questions');
  const session = useSession();
  const navigate = useNavigate({ from: '/questions' });
  const search = useSearch({ from: '/signed-in/questions' });
  useTitle(t('title'));
  const answers = session.leads || session.hr_partner || session.administrator;
  const show = search.show ?? (answers ? 'waiting' : 'mine');
  const options: { value: QuestionChoice; label: string }[] = [
    ...(answers ? [{ value: 'waiting' as const, label: t('show.waiting') }] : []),
    { value: 'mine', label: t('show.mine') },
    { value: 'all', label: answers ? t('show.team') : t('show.about') },
  ];
  return (
    <div className={styles.page}>
      <h1>{t('title')}</h1>
      <p className={styles.lead}>{t('lead')}</p>
      <Segmented
        aria-label={t('showLabel')}
        className={styles.choice ?? ''}
        options={options}
        value={show}
        onChange={(show) => {
          void navigate({ search: { show }, replace: true });
        }}
      />
      <List show={show} />
    </div>
  );
}

function List({ show }: { show: QuestionChoice }) {
  const { t } = useTranslation('questions');
  const read = useInfiniteQuery(questionListQuery(show));
  if (read.data === undefined) {
    return read.error ? (
      <ProblemNotice problem={read.error} retry={() => void read.refetch()} />
    ) : (
      <Loading />
    );
  }
  const questions = read.data.pages.flatMap(({ items }) => items);
  return (
    <>
      {questions.length === 0 && !read.hasNextPage ? (
        <EmptyState title={t(`none.${show}`)}>{t(`noneText.${show}`)}</EmptyState>
      ) : (
        <ul className={styles.list}>
          {questions.map((question) => (
            <li key={question.id}>
              <Row question={question} />
            </li>
          ))}
        </ul>
      )}
      {read.isFetchNextPageError && (
        <ProblemNotice problem={read.error} retry={() => void read.fetchNextPage()} />
      )}
      {read.hasNextPage && !read.isFetchNextPageError && (
        <ActionButton isBusy={read.isFetchingNextPage} onClick={() => void read.fetchNextPage()}>
          {t('more')}
        </ActionButton>
      )}
    </>
  );
}

function Row({ question }: { question: Question }) {
  const { t } = useTranslation('questions');
  const formats = useFormats();
  const nameOf = useNumberName();
  const { about, changed_by: by } = question;
  return (
    <Link to="/questions/$id" params={{ id: question.id }} className={styles.row}>
      <span className={styles.rowHead}>
        <strong>{nameOf(about)}</strong>
        <StateTag state={question.state} />
      </span>
      <span className={styles.excerpt}>{question.text}</span>
      <span className={styles.byline}>
        {about.subject !== by.id && about.subject_name != null && about.subject_name !== '' && (
          <span>{about.subject_name}</span>
        )}
        <span>
          {t('changed', {
            name: by.name === '' ? t('erased') : by.name,
            moment: formats.moment(question.changed_at),
          })}
        </span>
      </span>
    </Link>
  );
}
