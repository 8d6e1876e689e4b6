import { CheckCircleOutlined } from '@ant-design/icons';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Button, Input, Modal } from 'antd';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { Problem } from '../../api/problem.ts';
import { ask, QUESTION_MAX, type Asked } from '../../api/questions.ts';
import { ActionButton } from '../ActionButton.tsx';
import { ProblemNotice } from '../ProblemNotice.tsx';
import { useDraft } from '../useDraft.ts';
import styles from './QuestionDialog.module.css';

type Props = { asked: Asked; about: string; name: string; close: () => void };

/** Says what is wrong with a number. The text is kept until the host has it. */
export function QuestionDialog({ asked, about, name, close }: Props) {
  const { t } = useTranslation('parts');
  const field = useId();
  const memory = useQueryClient();
  const draft = useDraft(`question.${name}`, '');
  const sending = useMutation({
    mutationFn: () => ask(asked, draft.value.trim()),
    onSuccess: async () => {
      draft.done();
      await memory.invalidateQueries({ queryKey: ['questions'] });
    },
  });
  const isOpenAlready = sending.error instanceof Problem && sending.error.word === 'conflict';
  const isEmpty = draft.value.trim() === '';
  return (
    <Modal
      open
      title={t('question.title')}
      onCancel={close}
      destroyOnHidden
      footer={
        sending.isSuccess ? (
          <Button type="primary" onClick={close}>
            {t('question.close')}
          </Button>
        ) : (
          <>
            <Button onClick={close}>{t('question.later')}</Button>
            <ActionButton
              type="primary"
              disabled={isEmpty}
              isBusy={sending.isPending}
              onClick={() => {
                sending.mutate();
              }}
            >
              {t('question.send')}
            </ActionButton>
          </>
        )
      }
    >
      <p className={styles.about}>{about}</p>
      {sending.isSuccess ? (
        <p role="status" className={styles.sent}>
          <CheckCircleOutlined aria-hidden /> {t('question.sent')}
        </p>
      ) : (
        <>
          <label htmlFor={field}>{t('question.label')}</label>
          <Input.TextArea
            id={field}
            autoFocus
            // A height that follows the text would need a style attribute, which the host's policy forbids.
            rows={5}
            maxLength={QUESTION_MAX}
            value={draft.value}
            onChange={(event) => {
              draft.keep(event.target.value);
            }}
          />
          <p className={styles.hint}>{draft.wasKept ? t('draft') : t('question.hint')}</p>
          {isOpenAlready ? (
            <p role="alert" className={styles.hint}>
              {t('question.already')}
            </p>
          ) : (
            sending.error !== null && <ProblemNotice problem={sending.error} />
          )}
        </>
      )}
    </Modal>
  );
}
