/** The time zone in which the company's days are cut; before anybody has signed in, that of the device. */
import { createContext, useContext } from 'react';

const Zone = createContext(Intl.DateTimeFormat().resolvedOptions().timeZone);

export const ZoneProvider = Zone.Provider;

export function useZone(): string {
  return useContext(Zone);
}
