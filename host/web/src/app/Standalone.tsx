import type { ErrorComponentProps } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Broken } from './Broken.tsx';
import { Missing } from './Missing.tsx';
import styles from './Standalone.module.css';

/** Where there is no frame around a page: outside of everything for which one is signed in, and where the frame failed. */
function Standalone({ children }: { children: ReactNode }) {
  return (
    <main id="content" tabIndex={-1} className={styles.alone}>
      {children}
    </main>
  );
}

export function MissingAlone() {
  return (
    <Standalone>
      <Missing />
    </Standalone>
  );
}

export function BrokenAlone(props: ErrorComponentProps) {
  return (
    <Standalone>
      <Broken {...props} />
    </Standalone>
  );
}
