import type { ReactNode } from 'react';
import styles from './SetUp.module.css';

type Props = { title: string; lead?: ReactNode; action?: ReactNode };

/** The beginning of each page of the set-up: what it is, in one sentence, and the one thing that one does there. */
export function PageHead({ title, lead, action }: Props) {
  return (
    <header className={styles.head}>
      <div>
        <h1>{title}</h1>
        {lead !== undefined && <p>{lead}</p>}
      </div>
      {action}
    </header>
  );
}
