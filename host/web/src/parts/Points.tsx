import { useTranslation } from 'react-i18next';
import { useFormats } from '../language/formats.ts';
import { useMoving } from './useMoving.ts';
import styles from './Points.module.css';

type Props = { points: number; size?: 'small' | 'medium' | 'huge' };

/** Points, which move to their new value when it changes. Readers of screens hear the value itself. */
export function Points({ points, size = 'medium' }: Props) {
  const { t } = useTranslation('parts');
  const formats = useFormats();
  const shown = useMoving(points);
  return (
    <span className={styles.points} data-size={size}>
      <span className={styles.spoken}>{t('points', { points: formats.points(points) })}</span>
      <span aria-hidden="true">
        <span className={styles.number}>{formats.points(shown)}</span>
        <span className={styles.unit}>{t('pointsUnit')}</span>
      </span>
    </span>
  );
}
