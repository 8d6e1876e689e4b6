import { useFormats } from '../language/formats.ts';
import { useMoving } from './useMoving.ts';
import styles from './Points.module.css';

/** A value in the unit of its indicator, which moves to its new value when it changes. */
export function Value({ value, unit }: { value: number; unit: string }) {
  const formats = useFormats();
  const shown = useMoving(value);
  return (
    <span className={styles.points} data-size="medium">
      <span className={styles.spoken}>{formats.value(value, unit)}</span>
      <span aria-hidden="true">
        <span className={styles.number}>{formats.number(shown)}</span>
        {unit !== '' && <span className={styles.unit}>{unit}</span>}
      </span>
    </span>
  );
}
