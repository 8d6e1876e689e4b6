import { CheckCircleOutlined } from '@ant-design/icons';
import type { ReactNode } from 'react';
import styles from './SetUp.module.css';

/** What has happened, said to readers of screens too. */
export function Success({ children }: { children: ReactNode }) {
  return (
    <p role="status" className={styles.success}>
      <CheckCircleOutlined aria-hidden />
      <span>{children}</span>
    </p>
  );
}
