import { useTranslation } from 'react-i18next';
import type { DayDimension } from '../../api/day.ts';
import { useFormats } from '../../language/formats.ts';
import { NotComputable } from '../../parts/Badges.tsx';
import { Points } from '../../parts/Points.tsx';
import { IndicatorCard } from './IndicatorCard.tsx';
import styles from './Dimension.module.css';

/** The indicators of one dimension, with what it counts in the composite. */
export function Dimension({ dimension, person }: { dimension: DayDimension; person: string }) {
  const { t } = useTranslation('day');
  const formats = useFormats();
  const title = dimension.title ? formats.text(dimension.title) : t('others');
  return (
    <section aria-label={title}>
      <header className={styles.head}>
        <h2>{title}</h2>
        {dimension.share != null && (
          <span className={styles.share}>{t('share', { share: formats.share(dimension.share) })}</span>
        )}
        {dimension.points != null && (
          <span className={styles.points}>
            <Points points={dimension.points} />
          </span>
        )}
      </header>
      {dimension.not_computable && <NotComputable reason={dimension.not_computable} />}
      <ul className={styles.cards}>
        {dimension.cards.map((card) => (
          <li key={card.indicator}>
            <IndicatorCard card={card} person={person} />
          </li>
        ))}
      </ul>
    </section>
  );
}
