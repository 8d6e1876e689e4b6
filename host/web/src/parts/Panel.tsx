import type { ElementType, ReactNode } from 'react';
import styles from './Panel.module.css';

type Props = { as?: ElementType; label?: string; className?: string | undefined; children: ReactNode };

/** A surface on the ground of the page. */
export function Panel({ as: Element = 'section', label, className = '', children }: Props) {
  return (
    <Element className={`${styles.panel ?? ''} ${className}`} aria-label={label}>
      {children}
    </Element>
  );
}
