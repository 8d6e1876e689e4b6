import {
  BulbOutlined,
  CheckCircleOutlined,
  EyeOutlined,
  MinusCircleOutlined,
  RightOutlined,
} from '@ant-design/icons';
import type { ComponentType } from 'react';
import type { components } from '../api/daybreak.ts';
import { useFormats } from '../language/formats.ts';
import styles from './Sentence.module.css';

type Said = components['schemas']['Sentence'];

const SIGNS: Record<components['schemas']['Tone'], ComponentType> = {
  praise: CheckCircleOutlined,
  steady: MinusCircleOutlined,
  watch: EyeOutlined,
  act: BulbOutlined,
};

type Props = { sentence: Pick<Said, 'text' | 'tone' | 'next_step'>; size?: 'plain' | 'large' };

/** What a chart says, and what one could do next. The tone is told by a sign, and by colour only beside it. */
export function Sentence({ sentence, size = 'plain' }: Props) {
  const formats = useFormats();
  const Sign = SIGNS[sentence.tone];
  return (
    <div className={styles.sentence} data-tone={sentence.tone} data-size={size}>
      <span className={styles.sign} aria-hidden="true">
        <Sign />
      </span>
      <div>
        <p>{formats.text(sentence.text)}</p>
        {sentence.next_step && (
          <p className={styles.next}>
            <RightOutlined aria-hidden /> {formats.text(sentence.next_step)}
          </p>
        )}
      </div>
    </div>
  );
}
