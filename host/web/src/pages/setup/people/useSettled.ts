import { useEffect, useState } from 'react';

/** How long somebody has to stop typing until it counts, in milliseconds. */
const PAUSE = 250;

/** A value once it has stopped changing, so that not every letter is a request. */
export function useSettled<T>(value: T): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => {
      setSettled(value);
    }, PAUSE);
    return () => {
      clearTimeout(timer);
    };
  }, [value]);
  return settled;
}
