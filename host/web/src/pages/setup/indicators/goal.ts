import type { TFunction } from 'i18next';
import type { Goal } from '../../../api/indicators.ts';
import type { Formats } from '../../../language/formats.ts';

/** A goal in one line: its baseline, its target and its stretch, as far as it has them. */
export function goalText(
  { baseline, target, stretch }: Pick<Goal, 'baseline' | 'target' | 'stretch'>,
  unit: string,
  t: TFunction<'setup'>,
  formats: Formats,
): string {
  const parts = [
    baseline == null ? undefined : t('goals.baselineAt', { value: formats.value(baseline, unit) }),
    target == null ? undefined : t('goals.targetAt', { value: formats.value(target, unit) }),
    stretch == null ? undefined : t('goals.stretchAt', { value: formats.value(stretch, unit) }),
  ];
  return parts.filter((part) => part !== undefined).join(' · ');
}
