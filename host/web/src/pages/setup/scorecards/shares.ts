/**
 * The arithmetic of a scorecard's shares: whole millionths that always total exactly 100 %. Moving one share scales the others
 * that are free to move, in proportion to what they have; what is left over by rounding goes to the largest remainders,
 * so that no millionth is lost or made up. What never lives here: how shares are shown.
 */

/** 100 % in millionths. */
export const WHOLE = 1_000_000;

export type Entry = {
  indicator: string;
  dimension: string;
  /** Millionths; zero on trial. */
  share: number;
  /** No adjustment changes it, and no other share that is moved here. */
  locked: boolean;
  /** Stays while others are moved; only here, the host does not know of it. */
  held: boolean;
  /** Computed, and counts nowhere. */
  trial: boolean;
};

export const total = (entries: Entry[]) => entries.reduce((sum, { share }) => sum + share, 0);

/** Whether it may change because another one does. */
export const isFree = ({ locked, held, trial }: Entry) => !locked && !held && !trial;

/**
 * Whole numbers in proportion to these weights that total exactly `sum`. Of equal remainders the first one counts; weights
 * that are all zero count the same.
 */
export function apportion(weights: number[], sum: number): number[] {
  const all = weights.reduce((before, weight) => before + weight, 0);
  const counted = all > 0 ? weights : weights.map(() => 1);
  const divisor = all > 0 ? all : weights.length;
  // Products of two millions are far below what a number holds exactly.
  const parts = counted.map((weight, place) => ({
    place,
    share: Math.floor((weight * sum) / divisor),
    remainder: (weight * sum) % divisor,
  }));
  let left = sum - parts.reduce((before, { share }) => before + share, 0);
  for (const part of [...parts].sort((a, b) => b.remainder - a.remainder || a.place - b.place)) {
    if (left <= 0) {
      break;
    }
    part.share += 1;
    left -= 1;
  }
  return parts.map(({ share }) => share);
}

/** Gives the chosen entries together exactly `sum`, in proportion to what they have. */
function give(entries: Entry[], isChosen: (entry: Entry) => boolean, sum: number): Entry[] {
  const shares = apportion(
    entries.filter(isChosen).map(({ share }) => share),
    sum,
  );
  let next = 0;
  return entries.map((entry) => {
    if (!isChosen(entry)) {
      return entry;
    }
    const share = shares[next] ?? 0;
    next += 1;
    return { ...entry, share };
  });
}

/** What the indicator's share may be: from and to, both included. */
export function room(entries: Entry[], indicator: string): { from: number; to: number } {
  const entry = entries.find((entry) => entry.indicator === indicator);
  if (entry === undefined || entry.trial) {
    return { from: 0, to: 0 };
  }
  const others = entries.filter((other) => other.indicator !== indicator);
  const kept = total(others.filter((other) => !isFree(other)));
  const to = WHOLE - kept;
  // With nothing that could take the rest, it has to be what is left.
  return { from: others.some(isFree) ? 0 : to, to };
}

const within = (value: number, { from, to }: { from: number; to: number }) =>
  Math.min(Math.max(Math.round(value), from), to);

/** Moves one indicator's share as far as there is room; the free others take or give the difference. */
export function moveShare(entries: Entry[], indicator: string, wanted: number): Entry[] {
  const moved = entries.find((entry) => entry.indicator === indicator);
  if (moved === undefined || moved.trial) {
    return entries;
  }
  const share = within(wanted, room(entries, indicator));
  const next = entries.map((entry) => (entry === moved ? { ...entry, share } : entry));
  const isOther = (entry: Entry) => entry.indicator !== indicator && isFree(entry);
  const kept = total(next.filter((entry) => !isOther(entry)));
  return give(next, isOther, WHOLE - kept);
}

/** What the dimension's shares together may be. */
export function roomOfDimension(entries: Entry[], dimension: string): { from: number; to: number } {
  const inside = entries.filter((entry) => entry.dimension === dimension);
  const outside = entries.filter((entry) => entry.dimension !== dimension);
  const keptInside = total(inside.filter((entry) => !isFree(entry)));
  const keptOutside = total(outside.filter((entry) => !isFree(entry)));
  const now = total(inside);
  if (!inside.some(isFree) || !outside.some(isFree)) {
    return { from: now, to: now };
  }
  return { from: keptInside, to: WHOLE - keptOutside };
}

/** Moves a whole dimension: its free indicators and those of the others are scaled, each among themselves. */
export function moveDimension(entries: Entry[], dimension: string, wanted: number): Entry[] {
  const sum = within(wanted, roomOfDimension(entries, dimension));
  const isInside = (entry: Entry) => entry.dimension === dimension && isFree(entry);
  const isOutside = (entry: Entry) => entry.dimension !== dimension && isFree(entry);
  const keptInside = total(entries.filter((entry) => entry.dimension === dimension && !isFree(entry)));
  const keptOutside = total(entries.filter((entry) => entry.dimension !== dimension && !isFree(entry)));
  if (!entries.some(isInside) || !entries.some(isOutside)) {
    return entries;
  }
  return give(give(entries, isInside, sum - keptInside), isOutside, WHOLE - sum - keptOutside);
}

/** Brings the total back to exactly 100 % after something came, went or changed; undefined where nothing is free to take it. */
export function settle(entries: Entry[]): Entry[] | undefined {
  const kept = total(entries.filter((entry) => !isFree(entry)));
  if (!entries.some(isFree)) {
    return kept === WHOLE ? entries : undefined;
  }
  return kept > WHOLE ? undefined : give(entries, isFree, WHOLE - kept);
}

/** Puts an indicator on trial, where it has no share, or lets it count from nothing on; undefined where nothing could take its share. */
export function setTrial(entries: Entry[], indicator: string, trial: boolean): Entry[] | undefined {
  return settle(
    entries.map((entry) =>
      entry.indicator === indicator
        ? { ...entry, trial, share: 0, locked: entry.locked && !trial, held: entry.held && !trial }
        : entry,
    ),
  );
}

/** Takes an indicator out; undefined where nothing could take its share. */
export function remove(entries: Entry[], indicator: string): Entry[] | undefined {
  return settle(entries.filter((entry) => entry.indicator !== indicator));
}

/** Puts an indicator in with a share of nought, or with all of it where it is the first one that counts. */
export function add(entries: Entry[], indicator: string, dimension: string): Entry[] {
  const entry: Entry = { indicator, dimension, share: 0, locked: false, held: false, trial: false };
  const next = [...entries, entry];
  return settle(next) ?? next;
}
