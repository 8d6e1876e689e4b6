import type { ReactNode } from 'react';
import { Mark } from '../app/Mark.tsx';
import styles from './EmptyState.module.css';

type Props = { title: string; children?: ReactNode; action?: ReactNode; heading?: 'h1' | 'h2' | 'h3' };

/** Where there is nothing to show: what that means, and what one can do. */
export function EmptyState({ title, children, action, heading: Heading = 'h2' }: Props) {
  return (
    <div className={styles.empty}>
      <Mark size={44} />
      <Heading>{title}</Heading>
      {children !== undefined && <p>{children}</p>}
      {action}
    </div>
  );
}
