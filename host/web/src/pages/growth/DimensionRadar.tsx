import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Radar } from '../../api/growth.ts';
import { useFormats } from '../../language/formats.ts';
import { Canvas } from '../../parts/chart/Canvas.tsx';
import { useAppearance, useStillness } from '../../theme/appearance.ts';
import { chartColours } from '../../theme/theme.ts';
import { radarOption } from './radar.ts';
import styles from './GrowthPage.module.css';

/** A radar of fewer is no picture. */
const DIMENSIONS_MIN = 3;

/** Differences below this are none that anybody should think about, in points. */
const STEADY_BELOW = 1;

/** This month's dimensions against the three months before: a sentence, a picture, a table. */
export function DimensionRadar({ radar }: { radar: Radar }) {
  const { t } = useTranslation('growth');
  const formats = useFormats();
  const appearance = useAppearance();
  const still = useStillness();
  const month = formats.month(radar.month);
  const option = useMemo(
    () =>
      radarOption(
        radar.dimensions.map((dimension) => ({
          name: dimension.title ? formats.text(dimension.title) : dimension.dimension,
          now: dimension.points ?? undefined,
          before: dimension.before ?? undefined,
        })),
        { now: month, before: t('radar.before'), none: t('noneShort') },
        formats,
        chartColours(appearance),
        still,
      ),
    [radar, month, t, formats, appearance, still],
  );
  const sentence = useRadarSentence(radar);
  if (radar.dimensions.length === 0) {
    return null;
  }
  return (
    <section className={styles.card} aria-labelledby="radar">
      <h2 id="radar">{t('radar.title')}</h2>
      <p className={styles.said}>{sentence}</p>
      {radar.dimensions.length >= DIMENSIONS_MIN && (
        <Canvas option={option} name={t('radar.name', { sentence })} height={280} />
      )}
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">{t('radar.dimension')}</th>
            <th scope="col">{formats.shortMonth(radar.month)}</th>
            <th scope="col">{t('radar.before')}</th>
            <th scope="col">{t('radar.difference')}</th>
          </tr>
        </thead>
        <tbody>
          {radar.dimensions.map((dimension) => (
            <tr key={dimension.dimension}>
              <th scope="row">
                {dimension.title ? formats.text(dimension.title) : dimension.dimension}
                {dimension.not_computable && (
                  <span className={styles.reason}>{formats.text(dimension.not_computable)}</span>
                )}
              </th>
              <td>{dimension.points == null ? t('noneShort') : formats.points(dimension.points)}</td>
              <td>{dimension.before == null ? t('noneShort') : formats.points(dimension.before)}</td>
              <td>
                {dimension.points == null || dimension.before == null
                  ? t('noneShort')
                  : formats.difference(dimension.points - dimension.before)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** What has moved most, upwards first; what stands still is said to. */
function useRadarSentence(radar: Radar): string {
  const { t } = useTranslation('growth');
  const formats = useFormats();
  const moved = radar.dimensions.flatMap((dimension) =>
    dimension.points == null || dimension.before == null
      ? []
      : [
          {
            name: dimension.title ? formats.text(dimension.title) : dimension.dimension,
            by: dimension.points - dimension.before,
          },
        ],
  );
  const month = formats.month(radar.month);
  if (moved.length === 0) {
    return t('radar.nothing', { month });
  }
  const [best, worst] = [
    moved.reduce((a, b) => (b.by > a.by ? b : a)),
    moved.reduce((a, b) => (b.by < a.by ? b : a)),
  ];
  const up = best.by >= STEADY_BELOW;
  const down = worst.by <= -STEADY_BELOW;
  const points = (by: number) => formats.points(Math.abs(by));
  if (up && down) {
    return t('radar.both', {
      month,
      best: best.name,
      up: points(best.by),
      worst: worst.name,
      down: points(worst.by),
    });
  }
  if (up) {
    return t('radar.up', { month, best: best.name, up: points(best.by) });
  }
  if (down) {
    return t('radar.down', { month, worst: worst.name, down: points(worst.by) });
  }
  return t('radar.steady', { month });
}
