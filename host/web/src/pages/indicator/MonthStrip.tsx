import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { IndicatorHistory } from '../../api/indicator.ts';
import { useFormats } from '../../language/formats.ts';
import styles from './IndicatorPage.module.css';

type Props = { history: IndicatorHistory; chosen: string | undefined; choose: (month: string) => void };

/** The months as buttons: what a tap on the chart does, for every hand and every reader of screens. */
export function MonthStrip({ history: { months, unit }, chosen, choose }: Props) {
  const { t } = useTranslation('indicator');
  const formats = useFormats();
  const strip = useRef<HTMLUListElement>(null);
  useEffect(() => {
    const list = strip.current;
    const button = list?.querySelector<HTMLElement>('[aria-pressed="true"]');
    if (list && button) {
      // Only the strip moves, never the page.
      list.scrollLeft = button.offsetLeft - (list.clientWidth - button.offsetWidth) / 2;
    }
  }, [chosen]);
  return (
    <ul className={styles.strip} ref={strip} aria-label={t('months')}>
      {months.map(({ month, score, stale }) => {
        const value = score?.points ?? undefined;
        const shown =
          value !== undefined
            ? formats.points(value)
            : score?.raw != null
              ? formats.number(score.raw)
              : t('noneShort');
        const spoken =
          value !== undefined
            ? t('monthPoints', { month: formats.month(month), points: shown })
            : t('monthValue', {
                month: formats.month(month),
                value: score?.raw != null ? formats.value(score.raw, unit) : t('none'),
              });
        return (
          <li key={month}>
            <button
              type="button"
              className={styles.month}
              aria-pressed={month === chosen}
              aria-label={spoken}
              onClick={() => {
                choose(month);
              }}
            >
              <span>{formats.shortMonth(month)}</span>
              <strong data-stale={stale ? '' : undefined}>{shown}</strong>
            </button>
          </li>
        );
      })}
    </ul>
  );
}
