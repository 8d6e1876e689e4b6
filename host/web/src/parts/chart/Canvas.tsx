import type { EChartsType } from 'echarts/core';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { EChartsCoreOption } from 'echarts/core';
import styles from './Chart.module.css';

/** How far below the screen a chart is made ready already. */
const MARGIN = '160px';

type Props = {
  option: EChartsCoreOption;
  name: string;
  height: number;
  /** Called with the place on the horizontal axis, from 0, where somebody taps. Offer another way to the same thing. */
  onPick?: ((place: number) => void) | undefined;
};

/** Draws an option of the charting library when it comes into view, and anew when its place or the option changes. */
export function Canvas({ option, name, height, onPick }: Props) {
  const { t } = useTranslation('parts');
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<EChartsType>(undefined);
  const latest = useRef(option);
  const pick = useRef(onPick);
  const [failed, setFailed] = useState(false);

  useEffect(() => {
    pick.current = onPick;
  }, [onPick]);

  useEffect(() => {
    latest.current = option;
    chart.current?.setOption(option, { notMerge: true });
  }, [option]);

  useEffect(() => {
    const element = place.current;
    if (element === null) {
      return;
    }
    let gone = false;
    const resized = new ResizeObserver(() => chart.current?.resize());
    const seen = new IntersectionObserver(
      (entries) => {
        if (entries.some((entry) => entry.isIntersecting)) {
          seen.disconnect();
          void draw();
        }
      },
      { rootMargin: MARGIN },
    );
    async function draw() {
      try {
        const { init } = await import('./library.ts');
        if (gone || element === null) {
          return;
        }
        chart.current = init(element, null, { renderer: 'canvas' });
        chart.current.setOption(latest.current);
        element.dataset.drawn = '';
        // A finger meets the column of a point more easily than the point.
        chart.current.getZr().on('click', ({ offsetX, offsetY }) => {
          const [place] = chart.current?.convertFromPixel({ gridIndex: 0 }, [offsetX, offsetY]) ?? [];
          if (place !== undefined) {
            pick.current?.(place);
          }
        });
        resized.observe(element);
      } catch {
        setFailed(true);
      }
    }
    seen.observe(element);
    return () => {
      gone = true;
      seen.disconnect();
      resized.disconnect();
      chart.current?.dispose();
      chart.current = undefined;
    };
  }, []);

  if (failed) {
    return <p className={styles.failed}>{t('chart.failed')}</p>;
  }
  return (
    <div
      ref={place}
      role="img"
      data-chart=""
      aria-label={name}
      className={styles.canvas}
      style={{ height }}
    />
  );
}
