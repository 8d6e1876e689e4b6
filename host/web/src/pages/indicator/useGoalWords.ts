import { useTranslation } from 'react-i18next';
import type { components } from '../../api/daybreak.ts';
import { useFormats } from '../../language/formats.ts';

type GoalValues = components['schemas']['GoalValues'];

/** A goal in words; nothing where there is none. */
export function useGoalWords() {
  const { t } = useTranslation('indicator');
  const formats = useFormats();
  return (goal: GoalValues, unit: string): string | undefined => {
    const words = [
      goal.target != null && t('goal.target', { value: formats.value(goal.target, unit) }),
      goal.baseline != null && t('goal.baseline', { value: formats.value(goal.baseline, unit) }),
      goal.stretch != null && t('goal.stretch', { value: formats.value(goal.stretch, unit) }),
    ].filter((word) => word !== false);
    return words.length === 0 ? undefined : words.join(t('goal.and'));
  };
}
