import { useTranslation } from 'react-i18next';
import type { TeamMember } from '../../api/team.ts';
import { useFormats } from '../../language/formats.ts';
import { stretches, type Scale } from './scale.ts';
import styles from './TeamPage.module.css';

const WIDTH = 260;
const HEIGHT = 72;
const MARGIN = 6;

/** Somebody's year as a line. A team has up to hundreds of them, so they are drawn by the browser and not by the charts' library. */
export function SmallTrend({ member, scale }: { member: TeamMember; scale: Scale }) {
  const { t } = useTranslation('team');
  const formats = useFormats();
  const lines = stretches(member.trend, scale, WIDTH, HEIGHT, MARGIN);
  const known = member.trend.filter(({ points }) => points != null);
  const [first, last] = [known[0], known.at(-1)];
  const end = lines.at(-1)?.at(-1);
  const name =
    first?.points == null || last?.points == null
      ? t('trend.none', { name: member.name })
      : t('trend.name', {
          name: member.name,
          from: formats.month(first.month),
          first: formats.points(first.points),
          until: formats.month(last.month),
          last: formats.points(last.points),
        });
  return (
    <svg className={styles.trend} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={name}>
      {[MARGIN, HEIGHT / 2, HEIGHT - MARGIN].map((y) => (
        <line key={y} className={styles.grid} x1={0} x2={WIDTH} y1={y} y2={y} />
      ))}
      {lines.map((spots) => (
        <polyline
          key={spots[0]?.x}
          className={styles.line}
          points={spots.map(({ x, y }) => `${x.toFixed(1)},${y.toFixed(1)}`).join(' ')}
        />
      ))}
      {lines
        .filter((spots) => spots.length === 1)
        .map(
          ([spot]) => spot && <circle key={spot.x} className={styles.spot} cx={spot.x} cy={spot.y} r={2} />,
        )}
      {end && <circle className={styles.end} cx={end.x} cy={end.y} r={4.5} />}
    </svg>
  );
}
