import { Link } from '@tanstack/react-router';
import { Alert, Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { Problem } from '../api/problem.ts';
import styles from './ProblemNotice.module.css';

/** Most lines of what is wrong one by one. */
const FLAWS_MAX = 8;

type Props = {
  problem: unknown;
  /** Tries again; without it there is no button. */
  retry?: () => void;
};

/** What went wrong, in the reader's language by the problem's type, and what to do next. */
export function ProblemNotice({ problem, retry }: Props) {
  const { t } = useTranslation('problems');
  const known = problem instanceof Problem ? problem : new Problem('unknown');
  const flaws = known.details?.errors?.slice(0, FLAWS_MAX) ?? [];
  // What the host refuses it explains best itself; it does so in English.
  const detail = known.word === 'refused' || known.word === 'conflict' ? known.details?.detail : undefined;
  const action =
    known.word === 'sign-in-needed' ? (
      <Link to="/sign-in">{t('signIn')}</Link>
    ) : (
      retry !== undefined && (
        <Button size="small" onClick={retry}>
          {t('retry')}
        </Button>
      )
    );
  return (
    <Alert
      className={styles.notice ?? ''}
      type="warning"
      showIcon
      role="alert"
      title={t(`${known.word}.title`)}
      description={
        <>
          <p>{t(`${known.word}.text`)}</p>
          {detail !== undefined && (
            <p lang="en" className={styles.detail}>
              {detail}
            </p>
          )}
          {flaws.length > 0 && (
            <ul lang="en" className={styles.flaws}>
              {flaws.map((flaw, index) => (
                <li key={index}>{flaw.detail}</li>
              ))}
            </ul>
          )}
        </>
      }
      action={action}
    />
  );
}
