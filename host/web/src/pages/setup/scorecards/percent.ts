/** Percent as people write them, and millionths. */

const MILLIONTHS = 10_000;

/** At most four decimals: a millionth is a ten-thousandth of a percent. */
const FORM = /^\d{1,3}([.,]\d{0,4})?$/;

/** What somebody wrote, in millionths; undefined where it is no share of at most 100 %. */
export function parsePercent(text: string): number | undefined {
  const bare = text.normalize('NFKC').replace(/[%\s]/g, '');
  if (!FORM.test(bare)) {
    return undefined;
  }
  const share = Math.round(Number(bare.replace(',', '.')) * MILLIONTHS);
  return share <= 100 * MILLIONTHS ? share : undefined;
}

/** As it stands in a field: exact, without needless noughts. */
export const writePercent = (share: number) => String(share / MILLIONTHS);

export const STEP = MILLIONTHS;
