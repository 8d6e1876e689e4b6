import { CheckOutlined, CopyOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import styles from './SetUp.module.css';

type Props = { value: string; children: ReactNode; done: () => void };

/** What is shown once and never again: it stands nowhere but here, and is gone when this is closed. */
export function Secret({ value, children, done }: Props) {
  const { t } = useTranslation('setup');
  const [copied, setCopied] = useState(false);
  return (
    <div className={styles.secret} role="status">
      <p>{children}</p>
      <code>{value}</code>
      <div className={styles.actions}>
        <Button
          type="primary"
          icon={copied ? <CheckOutlined /> : <CopyOutlined />}
          onClick={() => {
            // Where the clipboard is out of reach the text can be selected.
            navigator.clipboard.writeText(value).then(
              () => {
                setCopied(true);
              },
              () => undefined,
            );
          }}
        >
          {copied ? t('copied') : t('copy')}
        </Button>
        <Button onClick={done}>{t('noted')}</Button>
      </div>
    </div>
  );
}
