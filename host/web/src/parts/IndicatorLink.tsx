import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';

type Props = { person: string; indicator: string; className?: string | undefined; children: ReactNode };

/** Every number opens: to the page of the indicator it belongs to. */
export function IndicatorLink({ person, indicator, className, children }: Props) {
  const to = `/people/${encodeURIComponent(person)}/indicators/${encodeURIComponent(indicator)}`;
  return (
    <Link to={to} {...(className !== undefined && { className })}>
      {children}
    </Link>
  );
}
