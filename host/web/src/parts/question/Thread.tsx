import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Checkbox, Input } from 'antd';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import {
  answerQuestion,
  QUESTION_MAX,
  questionQuery,
  type QuestionWithEntries,
} from '../../api/questions.ts';
import { useFormats } from '../../language/formats.ts';
import { ActionButton } from '../ActionButton.tsx';
import { ProblemNotice } from '../ProblemNotice.tsx';
import { useDraft } from '../useDraft.ts';
import styles from './question.module.css';

/** What was written about a number, in its order, and the place to answer for whoever may. */
export function Thread({ id }: { id: string }) {
  const question = useQuery(questionQuery(id));
  if (question.data === undefined) {
    return question.error ? (
      <ProblemNotice problem={question.error} retry={() => void question.refetch()} />
    ) : null;
  }
  return <Entries found={question.data} />;
}

export function Entries({ found }: { found: QuestionWithEntries }) {
  const { t } = useTranslation('questions');
  const formats = useFormats();
  return (
    <div className={styles.thread}>
      <ol className={styles.entries}>
        {found.entries.map((entry) => (
          <li key={entry.sequence} data-event={entry.event}>
            <p className={styles.byline}>
              <strong>{entry.by.name === '' ? t('erased') : entry.by.name}</strong>{' '}
              {t(`event.${entry.event}`)} <time dateTime={entry.at}>{formats.moment(entry.at)}</time>
            </p>
            <p className={styles.said}>{entry.text}</p>
            {entry.mentions.length > 0 && (
              <p className={styles.byline}>
                {t('mentions', { people: formats.list(entry.mentions.map(({ name }) => name)) })}
              </p>
            )}
          </li>
        ))}
      </ol>
      {found.may_answer && <AnswerForm found={found} />}
    </div>
  );
}

function AnswerForm({ found: { question, may_close: mayClose } }: { found: QuestionWithEntries }) {
  const { t } = useTranslation('questions');
  const field = useId();
  const memory = useQueryClient();
  const draft = useDraft(`answer.${question.id}`, '');
  const [closes, setCloses] = useState(false);
  const sending = useMutation({
    mutationFn: () => answerQuestion(question.id, draft.value.trim(), closes),
    onSuccess: async (found) => {
      draft.done();
      memory.setQueryData(questionQuery(question.id).queryKey, found);
      await Promise.all([
        memory.invalidateQueries({ queryKey: ['questions'] }),
        memory.invalidateQueries({ queryKey: ['day'] }),
      ]);
    },
  });
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        sending.mutate();
      }}
    >
      <label htmlFor={field}>{t('answer')}</label>
      <Input.TextArea
        id={field}
        rows={3}
        maxLength={QUESTION_MAX}
        value={draft.value}
        onChange={({ target }) => {
          draft.keep(target.value);
        }}
      />
      {sending.error && <ProblemNotice problem={sending.error} />}
      <div className={styles.actions}>
        {mayClose && (
          <Checkbox
            checked={closes}
            onChange={({ target }) => {
              setCloses(target.checked);
            }}
          >
            {t('closes')}
          </Checkbox>
        )}
        <ActionButton
          type="primary"
          htmlType="submit"
          isBusy={sending.isPending}
          disabled={draft.value.trim() === ''}
        >
          {t('sendAnswer')}
        </ActionButton>
      </div>
    </form>
  );
}
