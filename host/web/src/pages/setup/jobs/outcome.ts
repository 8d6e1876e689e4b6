/** What came of a job, read from the result that the host gives as loose JSON. */
import type { RowFlaw } from '../../../api/imports.ts';
import type { Job } from '../../../api/jobs.ts';

/** The counts that are told, by the kind of the job, in the order in which they are told. */
const TOLD = {
  import: ['rows', 'new', 'revised', 'known', 'people_created', 'unassigned', 'bad_rows'],
  score: ['computed', 'not_computable', 'failed', 'composites'],
  assess: ['assessed', 'opened', 'updated', 'closed', 'failed'],
  narrate: ['charts', 'new_sentences', 'failed'],
  replay: [],
} as const satisfies Record<Job['order']['kind'], readonly string[]>;

export type Told = (typeof TOLD)[keyof typeof TOLD][number];

/** Counts that are worth a word even when they are zero. */
const ALWAYS: readonly Told[] = ['rows', 'new', 'computed', 'assessed', 'charts'];

export function counts({ order, result }: Pick<Job, 'order' | 'result'>): { name: Told; count: number }[] {
  const found = (result ?? {}) as Record<string, unknown>;
  const names: readonly Told[] = TOLD[order.kind];
  return names.flatMap((name) => {
    const count = found[name];
    return typeof count === 'number' && (count > 0 || ALWAYS.includes(name)) ? [{ name, count }] : [];
  });
}

/** Of a replay: whether everything came out equal, bit for bit. */
export function isEqual({ order, result }: Pick<Job, 'order' | 'result'>): boolean | undefined {
  const { equal } = (result ?? {}) as { equal?: unknown };
  return order.kind === 'replay' && typeof equal === 'boolean' ? equal : undefined;
}

function isRowFlaw(flaw: unknown): flaw is RowFlaw {
  return typeof flaw === 'object' && flaw !== null && 'line' in flaw && 'problem' in flaw;
}

/** The bad rows of an import that the result names. */
export function rowFlaws({ order, result }: Pick<Job, 'order' | 'result'>): RowFlaw[] {
  const { errors } = (result ?? {}) as { errors?: unknown };
  return order.kind === 'import' && Array.isArray(errors) ? errors.filter(isRowFlaw) : [];
}
