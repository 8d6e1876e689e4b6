import { Slider } from 'antd';
import { useRef } from 'react';
import { STEP } from './percent.ts';
import { WHOLE, type Entry } from './shares.ts';

type Props = {
  label: string;
  share: number;
  disabled: boolean;
  entries: Entry[];
  /** Moves the share, from how all of them were when the hand was laid on it. */
  moved: (from: Entry[], share: number) => void;
  shown: (share: number) => string;
};

/**
 * A share to be pulled. As long as the pull lasts everything is reckoned from where it began, so that whoever pulls to the end
 * and back finds the others as they were.
 */
export function ShareSlider({ label, share, disabled, entries, moved, shown }: Props) {
  const begin = useRef<Entry[]>(undefined);
  return (
    <Slider
      min={0}
      max={WHOLE}
      step={STEP}
      value={share}
      disabled={disabled}
      ariaLabelForHandle={label}
      ariaValueTextFormatterForHandle={shown}
      tooltip={{ formatter: null }}
      onChange={(wanted) => {
        begin.current ??= entries;
        moved(begin.current, wanted);
      }}
      onChangeComplete={() => {
        begin.current = undefined;
      }}
    />
  );
}
