/** What pages know of the company around them: the zone in which its days are cut, and what time it is there. */
import { createContext, useContext } from 'react';
import { dayIn } from '../language/days.ts';
import { useNow } from '../parts/useNow.ts';

type Company = {
  zone: string;
  /** By how much the company's clock is ahead of the device's, in milliseconds. */
  ahead: number;
};

const CompanyContext = createContext<Company>({
  zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
  ahead: 0,
});

export const CompanyProvider = CompanyContext.Provider;

/** The zone of the company; before anybody has signed in, that of the device. */
export function useZone(): string {
  return useContext(CompanyContext).zone;
}

/** The company's time: that of the device, but for whole days by which a demonstration lies elsewhere in time. */
export function useCompanyNow(): number {
  return useNow() + useContext(CompanyContext).ahead;
}

const DAY = 86_400_000;

/** By how many days the company's today differs from the device's at the moment when the host told it, in milliseconds. */
export function aheadBy(today: string, zone: string, told: number): number {
  return Math.round((Date.parse(today) - Date.parse(dayIn(zone, told))) / DAY) * DAY;
}
