import { EyeInvisibleOutlined } from '@ant-design/icons';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { countLook } from '../../api/growth.ts';
import type { components } from '../../api/daybreak.ts';
import styles from './GrowthPage.module.css';

type Week = components['schemas']['OwnViews'];

/** Counts this look, and tells the person, and nobody else, how often they looked. */
export function OwnLooks({ person, weeks }: { person: string; weeks: Week[] }) {
  const { t } = useTranslation('growth');
  const counted = useRef(false);
  const [now, setNow] = useState<Week>();
  useEffect(() => {
    if (counted.current) {
      return;
    }
    counted.current = true;
    // That a look could not be counted is no reason to disturb anybody.
    countLook(person).then(setNow, () => undefined);
  }, [person]);
  const newest = now ?? weeks.reduce<Week | undefined>((a, b) => (a && a.week > b.week ? a : b), undefined);
  const before = weeks.filter(({ week }) => week !== newest?.week);
  return (
    <section className={styles.card} aria-labelledby="own-looks">
      <h2 id="own-looks">{t('looks.title')}</h2>
      <p className={styles.said}>
        {newest === undefined ? t('looks.none') : t('looks.thisWeek', { count: newest.views })}
      </p>
      {before.length > 0 && (
        <p className={styles.quiet}>
          {t('looks.before', {
            count: before.reduce((sum, { views }) => sum + views, 0),
            weeks: before.length,
          })}
        </p>
      )}
      <p className={styles.private}>
        <EyeInvisibleOutlined aria-hidden /> <span>{t('looks.private')}</span>
      </p>
    </section>
  );
}
