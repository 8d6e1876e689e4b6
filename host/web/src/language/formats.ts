/** Numbers, days and moments as the language writes them, in the company's time zone. Names are never translated. */
import { useMemo } from 'react';
import { preferences, type Language } from '../app/preferences.ts';
import { useZone } from '../app/company.ts';

/** A text by language, as the interface sends it. */
export type Localized = Record<string, string>;

export function textIn(language: Language, text: Localized): string {
  return text[language] ?? text.en ?? Object.values(text)[0] ?? '';
}

/** A minus sign and a plus sign as wide as each other. */
const SIGNED = { signDisplay: 'exceptZero', maximumFractionDigits: 1, minimumFractionDigits: 1 } as const;

const STEPS: [Intl.RelativeTimeFormatUnit, number][] = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
];

export function formatsOf(language: Language, zone: string) {
  const number = new Intl.NumberFormat(language, { maximumFractionDigits: 2 });
  const points = new Intl.NumberFormat(language, { maximumFractionDigits: 1, minimumFractionDigits: 1 });
  const difference = new Intl.NumberFormat(language, SIGNED);
  const percent = new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 1 });
  const day = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeZone: 'UTC' });
  const shortDay = new Intl.DateTimeFormat(language, { month: 'short', day: 'numeric', timeZone: 'UTC' });
  const weekday = new Intl.DateTimeFormat(language, {
    month: 'long',
    day: 'numeric',
    weekday: 'long',
    timeZone: 'UTC',
  });
  const month = new Intl.DateTimeFormat(language, { year: 'numeric', month: 'long', timeZone: 'UTC' });
  const shortMonth = new Intl.DateTimeFormat(language, { month: 'short', timeZone: 'UTC' });
  const moment = new Intl.DateTimeFormat(language, {
    dateStyle: 'medium',
    timeStyle: 'short',
    timeZone: zone,
  });
  const relative = new Intl.RelativeTimeFormat(language, { numeric: 'auto' });
  const list = new Intl.ListFormat(language);
  // A day has no time zone: it is read and written in one and the same.
  const midnight = (text: string) => new Date(`${text}T00:00:00Z`);
  const firstOf = (period: string) => midnight(`${period}-01`);
  const isMonth = (period: string) => /^\d{4}-\d{2}$/.test(period);
  return {
    language,
    zone,
    text: (text: Localized) => textIn(language, text),
    number: (value: number) => number.format(value),
    points: (value: number) => points.format(value),
    difference: (value: number) => difference.format(value).replace('-', '−'),
    /** Of millionths. */
    share: (millionths: number) => percent.format(millionths / 1e6),
    /** A value with the unit of its indicator. */
    value: (value: number, unit: string) =>
      unit === '' ? number.format(value) : `${number.format(value)} ${unit}`,
    day: (text: string) => day.format(midnight(text)),
    shortDay: (text: string) => shortDay.format(midnight(text)),
    weekday: (text: string) => weekday.format(midnight(text)),
    month: (period: string) => (isMonth(period) ? month.format(firstOf(period)) : period),
    shortMonth: (period: string) => (isMonth(period) ? shortMonth.format(firstOf(period)) : period),
    moment: (instant: string) => moment.format(new Date(instant)),
    list: (items: string[]) => list.format(items),
    /** How long ago a moment is, in the largest unit that fits. Clocks differ a little: nothing was in the future. */
    ago(instant: string | number, now: number) {
      const seconds = Math.min(Math.round((new Date(instant).getTime() - now) / 1_000), 0);
      const [unit, length] = STEPS.find(([, length]) => Math.abs(seconds) >= length) ?? ['minute', 60];
      return relative.format(Math.trunc(seconds / length), unit);
    },
  };
}

export type Formats = ReturnType<typeof formatsOf>;

export function useFormats(): Formats {
  const { language } = preferences.use();
  const zone = useZone();
  return useMemo(() => formatsOf(language, zone), [language, zone]);
}
