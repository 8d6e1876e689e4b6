/** The mark: a sun that rises over a line. It says nothing that the word beside it does not say. */
export function Mark({ size = 28 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" fill="none" aria-hidden="true">
      <g stroke="currentColor" strokeWidth="2.4" strokeLinecap="round">
        <path d="M4 22h24" />
        <path d="M9 22a7 7 0 0 1 14 0" />
        <path d="M16 10.5V6.5M7.5 13.5l-2.4-2.4M24.5 13.5l2.4-2.4" />
        <path d="M11 27h10" opacity=".5" />
      </g>
    </svg>
  );
}
