import { useEffect, useRef, useState } from 'react';
import { useStillness } from '../theme/appearance.ts';

/** How long a number takes to its new value, in milliseconds. */
const DURATION = 600;

/** The value to show on the way from the one before to this one; at once where the device asks for little motion. */
export function useMoving(value: number): number {
  const still = useStillness();
  const [shown, setShown] = useState(value);
  const from = useRef(value);
  useEffect(() => {
    const start = from.current;
    if (still || start === value) {
      from.current = value;
      setShown(value);
      return;
    }
    let frame = 0;
    const began = performance.now();
    const step = (time: number) => {
      const part = Math.min(Math.max((time - began) / DURATION, 0), 1);
      const eased = 1 - (1 - part) ** 3;
      const next = part === 1 ? value : start + (value - start) * eased;
      from.current = next;
      setShown(next);
      if (part < 1) {
        frame = requestAnimationFrame(step);
      }
    };
    frame = requestAnimationFrame(step);
    return () => {
      cancelAnimationFrame(frame);
    };
  }, [value, still]);
  return shown;
}
