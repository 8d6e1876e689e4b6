import { CheckCircleOutlined, RedoOutlined, WarningOutlined } from '@ant-design/icons';
import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { ActionButton } from './ActionButton.tsx';
import { ProblemNotice } from './ProblemNotice.tsx';
import styles from './ReplayButton.module.css';

/** Computes again from stored facts, and says whether every bit is the same. */
export function ReplayButton({
  replay,
}: {
  replay: () => Promise<{ equal: boolean; differences: string[] }>;
}) {
  const { t } = useTranslation('parts');
  const again = useMutation({ mutationFn: replay });
  return (
    <div className={styles.replay}>
      <ActionButton
        icon={<RedoOutlined />}
        isBusy={again.isPending}
        onClick={() => {
          again.mutate();
        }}
      >
        {t('replay.button')}
      </ActionButton>
      <div role="status">
        {again.data &&
          (again.data.equal ? (
            <p className={styles.equal}>
              <CheckCircleOutlined aria-hidden />
              <span>
                <strong>{t('replay.equal')}</strong> {t('replay.equalText')}
              </span>
            </p>
          ) : (
            <div className={styles.different}>
              <p>
                <WarningOutlined aria-hidden /> <strong>{t('replay.different')}</strong>
              </p>
              <ul lang="en">
                {again.data.differences.map((difference) => (
                  <li key={difference}>{difference}</li>
                ))}
              </ul>
            </div>
          ))}
      </div>
      {again.error && (
        <ProblemNotice
          problem={again.error}
          retry={() => {
            again.mutate();
          }}
        />
      )}
    </div>
  );
}
