import { Input } from 'antd';
import { useState } from 'react';
import { parsePercent, STEP, writePercent } from './percent.ts';
import { WHOLE } from './shares.ts';

type Props = { label: string; share: number; disabled: boolean; changed: (share: number) => void };

/**
 * A share to be typed. It counts when the field is left or Enter is pressed, not letter by letter: the "4" on the way to "40"
 * would move everything else there and back. The arrow keys move it by one percent.
 */
export function PercentField({ label, share, disabled, changed }: Props) {
  const [text, setText] = useState<string>();
  const commit = (wanted: number | undefined) => {
    setText(undefined);
    if (wanted !== undefined && wanted !== share) {
      changed(wanted);
    }
  };
  const step = (by: number) => {
    const from = (text === undefined ? share : parsePercent(text)) ?? share;
    commit(Math.min(Math.max(from + by, 0), WHOLE));
  };
  const bad = text !== undefined && parsePercent(text) === undefined;
  return (
    <Input
      aria-label={label}
      inputMode="decimal"
      suffix="%"
      maxLength={9}
      disabled={disabled}
      value={text ?? writePercent(share)}
      status={bad ? 'error' : ''}
      aria-invalid={bad}
      onChange={(event) => {
        setText(event.target.value);
      }}
      onBlur={() => {
        commit(text === undefined ? undefined : parsePercent(text));
      }}
      onKeyDown={(event) => {
        if (event.key === 'Enter') {
          event.preventDefault();
          commit(text === undefined ? undefined : parsePercent(text));
        } else if (event.key === 'Escape') {
          setText(undefined);
        } else if (event.key === 'ArrowUp' || event.key === 'ArrowDown') {
          event.preventDefault();
          step(event.key === 'ArrowUp' ? STEP : -STEP);
        }
      }}
    />
  );
}
