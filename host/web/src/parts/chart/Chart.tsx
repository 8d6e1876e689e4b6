import { LineChartOutlined, TableOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useMemo, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { components } from '../../api/daybreak.ts';
import { useFormats } from '../../language/formats.ts';
import { useAppearance, useStillness } from '../../theme/appearance.ts';
import { chartColours } from '../../theme/theme.ts';
import { Sentence } from '../Sentence.tsx';
import { Canvas } from './Canvas.tsx';
import { trendOption, type Trend } from './trend.ts';
import styles from './Chart.module.css';

type Said = Pick<components['schemas']['Sentence'], 'text' | 'tone' | 'next_step'>;

type Props = Trend & {
  title: string;
  sentence?: Said | null | undefined;
  height?: number;
  /** Stands beside the button that shows the table. */
  note?: ReactNode;
  /** Called with the month whose column somebody taps. */
  onChoose?: (month: string) => void;
};

/**
 * A trend with its sentence above it and its values in a table behind it. A chart about which nothing is said gives the plain
 * fact. For readers of screens the picture is called what its sentence says.
 */
export function Chart({ title, sentence, height = 180, note, onChoose, ...trend }: Props) {
  const { t } = useTranslation('parts');
  const formats = useFormats();
  const appearance = useAppearance();
  const still = useStillness();
  const [asTable, setAsTable] = useState(false);
  const { values, unit, target, baseline, stretch, trial, chosen } = trend;
  const option = useMemo(
    () =>
      trendOption(
        { values, unit, target, baseline, stretch, chosen, ...(trial === undefined ? {} : { trial }) },
        {
          title,
          target: t('chart.target'),
          baseline: t('chart.baseline'),
          trial: t('trial'),
          none: t('chart.none'),
        },
        formats,
        chartColours(appearance),
        still,
      ),
    [values, unit, target, baseline, stretch, chosen, trial, title, t, formats, appearance, still],
  );
  const last = values.findLast(({ value }) => value !== undefined);
  const plain =
    last?.value === undefined
      ? t('chart.plainEmpty', { title })
      : t('chart.plain', { title, value: formats.value(last.value, unit), month: formats.month(last.month) });
  const name = sentence ? `${title}. ${formats.text(sentence.text)}` : plain;
  return (
    <figure className={styles.chart}>
      <figcaption>
        {sentence ? <Sentence sentence={sentence} /> : <p className={styles.plain}>{plain}</p>}
      </figcaption>
      {asTable ? (
        <ValueTable title={title} trend={trend} />
      ) : (
        <div className={styles.picture} data-trial={trial === true ? '' : undefined}>
          <Canvas
            option={option}
            name={name}
            height={height}
            onPick={
              onChoose &&
              ((place) => {
                const month = values[place]?.month;
                if (month !== undefined) {
                  onChoose(month);
                }
              })
            }
          />
        </div>
      )}
      <div className={styles.below}>
        {note}
        <Button
          type="text"
          size="small"
          icon={asTable ? <LineChartOutlined /> : <TableOutlined />}
          onClick={() => {
            setAsTable(!asTable);
          }}
        >
          {asTable ? t('chart.picture') : t('chart.table')}
        </Button>
      </div>
    </figure>
  );
}

function ValueTable({ title, trend: { values, unit, target, baseline } }: { title: string; trend: Trend }) {
  const { t } = useTranslation('parts');
  const formats = useFormats();
  return (
    <table className={styles.table}>
      <thead>
        <tr>
          <th scope="col">{t('chart.month')}</th>
          <th scope="col">{title}</th>
        </tr>
      </thead>
      <tbody>
        {values.map(({ month, value }) => (
          <tr key={month}>
            <th scope="row">{formats.month(month)}</th>
            <td>{value === undefined ? t('chart.none') : formats.value(value, unit)}</td>
          </tr>
        ))}
        {target !== undefined && (
          <tr>
            <th scope="row">{t('chart.target')}</th>
            <td>{formats.value(target, unit)}</td>
          </tr>
        )}
        {baseline !== undefined && (
          <tr>
            <th scope="row">{t('chart.baseline')}</th>
            <td>{formats.value(baseline, unit)}</td>
          </tr>
        )}
      </tbody>
    </table>
  );
}
