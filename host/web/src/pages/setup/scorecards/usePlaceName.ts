import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { departmentsQuery, positionsQuery } from '../../../api/departments.ts';
import type { ScorecardPlace } from '../../../api/scorecards.ts';
import { useFormats } from '../../../language/formats.ts';

/** For whom a scorecard is, in words. */
export function usePlaceName(place: ScorecardPlace): string {
  const { t } = useTranslation('setup');
  const formats = useFormats();
  const departments = useQuery(departmentsQuery);
  const positions = useQuery(positionsQuery);
  if (place === 'company') {
    return t('scorecards.everybody');
  }
  if ('department' in place) {
    const found = departments.data?.find(({ id }) => id === place.department);
    return t('scorecards.department', { name: found?.name ?? place.department });
  }
  if ('position' in place) {
    const found = positions.data?.find(({ id }) => id === place.position);
    return t('scorecards.position', { name: found ? formats.text(found.title) : place.position });
  }
  return t('scorecards.employees', { count: place.employees.length });
}
