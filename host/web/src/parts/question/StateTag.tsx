import { CheckCircleOutlined, CommentOutlined, QuestionCircleOutlined } from '@ant-design/icons';
import type { ComponentType } from 'react';
import { useTranslation } from 'react-i18next';
import type { Question } from '../../api/questions.ts';
import styles from './question.module.css';

const SIGNS: Record<Question['state'], ComponentType> = {
  open: QuestionCircleOutlined,
  answered: CommentOutlined,
  closed: CheckCircleOutlined,
};

/** Whether a question waits for an answer, was answered, or is closed. */
export function StateTag({ state }: { state: Question['state'] }) {
  const { t } = useTranslation('questions');
  const Sign = SIGNS[state];
  return (
    <span className={styles.state} data-state={state}>
      <Sign aria-hidden /> {t(`state.${state}`)}
    </span>
  );
}
