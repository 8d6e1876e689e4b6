/** One scale for all the small pictures of a team, so that nobody's looks steeper than another's. */
import type { TeamMember } from '../../api/team.ts';

export type Scale = { low: number; high: number };

const STEP = 10;

/** Around all points of everybody, in whole tens, at least two of them high. */
export function scaleOf(members: Pick<TeamMember, 'trend'>[]): Scale {
  const points = members.flatMap(({ trend }) => trend.flatMap(({ points }) => points ?? []));
  if (points.length === 0) {
    return { low: 0, high: 100 };
  }
  const low = Math.max(0, Math.floor(Math.min(...points) / STEP) * STEP);
  const high = Math.ceil(Math.max(...points) / STEP) * STEP;
  return { low, high: Math.max(high, low + 2 * STEP) };
}

export type Spot = { x: number; y: number };

/** The stretches of a line without its gaps, in a picture of this size with this margin. */
export function stretches(
  trend: TeamMember['trend'],
  { low, high }: Scale,
  width: number,
  height: number,
  margin: number,
): Spot[][] {
  const found: Spot[][] = [];
  let open: Spot[] | undefined;
  trend.forEach(({ points }, index) => {
    if (points == null) {
      open = undefined;
      return;
    }
    const part = trend.length > 1 ? index / (trend.length - 1) : 1;
    const spot = {
      x: margin + part * (width - 2 * margin),
      y: height - margin - ((points - low) / (high - low)) * (height - 2 * margin),
    };
    if (open === undefined) {
      open = [];
      found.push(open);
    }
    open.push(spot);
  });
  return found;
}
