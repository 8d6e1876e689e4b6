/** Days as the company cuts them, written as the interface writes them: 2026-06-24. */

/** The day on which a moment lies in the zone. */
export function dayIn(zone: string, moment: string | number): string {
  // This language writes a day as the interface does.
  return new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short' }).format(new Date(moment));
}

/** A day that somebody has typed to its end: while they do, a year may be that of the Romans. */
export const isWholeDay = (text: string) => /^(19|2[01])\d{2}-\d{2}-\d{2}$/.test(text);

const DAY = 86_400_000;

/** So many days after the day, or before it. */
export function dayAfter(day: string, days = 1): string {
  return new Date(Date.parse(day) + days * DAY).toISOString().slice(0, 10);
}

/** The last second of the day in the zone. */
export function endOfDay(day: string, zone: string): Date {
  const midnight = Date.parse(dayAfter(day));
  // What the clocks of the zone show then, as if it were universal time; where they are changed meanwhile, once more.
  let moment = midnight;
  for (let again = 0; again < 2; again += 1) {
    moment = midnight - (shownIn(zone, moment) - moment);
  }
  return new Date(moment - 1_000);
}

function shownIn(zone: string, moment: number): number {
  const shown = new Intl.DateTimeFormat('sv-SE', {
    timeZone: zone,
    dateStyle: 'short',
    timeStyle: 'medium',
  }).format(new Date(moment));
  return Date.parse(`${shown.replace(' ', 'T')}Z`);
}
