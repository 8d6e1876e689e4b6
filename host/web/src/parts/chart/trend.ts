/** What a trend looks like: pure, from values and colours to the charting library's option. */
import type { EChartsCoreOption } from 'echarts/core';
import type { Formats } from '../../language/formats.ts';
import type { ChartColours } from '../../theme/theme.ts';

export type TrendValue = { month: string; value: number | undefined };

export type Trend = {
  values: TrendValue[];
  unit: string;
  target?: number | undefined;
  baseline?: number | undefined;
  stretch?: number | undefined;
  trial?: boolean;
};

export type Words = { title: string; target: string; baseline: string; trial: string; none: string };

/** How many times the word stands across a trial's picture. */
const WATERMARKS = 3;

export function trendOption(
  { values, unit, target, baseline, stretch, trial = false }: Trend,
  words: Words,
  formats: Formats,
  colours: ChartColours,
  still: boolean,
): EChartsCoreOption {
  const numbers = values.map(({ value }) => value);
  const marks = [target, baseline, stretch].filter((mark) => mark !== undefined);
  const known = [...numbers.filter((number) => number !== undefined), ...marks];
  const [low, high] = [Math.min(...known), Math.max(...known)];
  const room = high === low ? Math.max(Math.abs(high) * 0.2, 1) : (high - low) * 0.15;
  const upper = stretch ?? target;
  const line = (value: number, name: string, dash: 'dashed' | 'dotted') => ({
    yAxis: value,
    name,
    lineStyle: { type: dash, color: colours.target, width: 1.2 },
    label: {
      formatter: `${name} ${formats.number(value)}`,
      position: 'insideStartTop' as const,
      color: colours.text,
      fontSize: 11,
      padding: [0, 0, 0, 2],
    },
  });
  const last = numbers.findLastIndex((number) => number !== undefined);
  return {
    animation: !still,
    textStyle: { fontFamily: colours.family },
    animationDuration: 400,
    grid: {
      left: 4,
      right: 14,
      top: 18,
      bottom: 4,
      outerBoundsMode: 'same',
      outerBoundsContain: 'axisLabel',
    },
    xAxis: {
      type: 'category',
      boundaryGap: false,
      data: values.map(({ month }) => formats.shortMonth(month)),
      axisLine: { lineStyle: { color: colours.grid } },
      axisTick: { show: false },
      axisLabel: { color: colours.text, fontSize: 11, hideOverlap: true },
    },
    yAxis: {
      type: 'value',
      // A value that cannot be negative gets no axis below nought.
      min: low >= 0 ? Math.max(0, low - room) : low - room,
      max: high + room,
      splitNumber: 3,
      splitLine: { lineStyle: { color: colours.grid } },
      axisLabel: {
        color: colours.text,
        fontSize: 11,
        showMinLabel: false,
        showMaxLabel: false,
        formatter: (value: number) => formats.number(value),
      },
    },
    tooltip: {
      trigger: 'axis',
      // A tooltip of markup would need style attributes, which the host's policy forbids.
      renderMode: 'richText',
      confine: true,
      backgroundColor: colours.tooltip,
      borderColor: colours.grid,
      textStyle: { color: colours.text, fontSize: 12 },
      axisPointer: { lineStyle: { color: colours.grid } },
      formatter: (points: { dataIndex: number }[]) => {
        const value = values[points[0]?.dataIndex ?? -1];
        return value === undefined
          ? ''
          : `${formats.month(value.month)}\n${value.value === undefined ? words.none : formats.value(value.value, unit)}`;
      },
    },
    graphic: trial ? watermark(words.trial, colours) : [],
    series: [
      {
        type: 'line',
        name: words.title,
        data: numbers.map((number, index) => ({
          value: number ?? null,
          symbolSize: index === last ? 9 : 5,
          itemStyle: index === last ? { borderColor: colours.ground, borderWidth: 2 } : {},
        })),
        connectNulls: false,
        symbol: 'circle',
        lineStyle: { color: colours.line, width: 2.5, type: trial ? 'dashed' : 'solid' },
        itemStyle: { color: colours.line },
        areaStyle: trial ? undefined : { color: colours.area, origin: 'start' },
        emphasis: { scale: 1.4 },
        markLine: {
          silent: true,
          symbol: 'none',
          animation: false,
          data: [
            ...(target === undefined ? [] : [line(target, words.target, 'dashed')]),
            ...(baseline === undefined ? [] : [line(baseline, words.baseline, 'dotted')]),
          ],
        },
        markArea: {
          silent: true,
          animation: false,
          itemStyle: { color: colours.band },
          data:
            baseline === undefined || upper === undefined ? [] : [[{ yAxis: baseline }, { yAxis: upper }]],
        },
      },
    ],
  };
}

/** The word across the picture, so that it stands in whatever is made of the picture too. */
function watermark(word: string, colours: ChartColours) {
  return Array.from({ length: WATERMARKS }, (_, index) => ({
    type: 'text',
    silent: true,
    left: `${12 + index * 32}%`,
    top: 'middle',
    rotation: Math.PI / 9,
    z: 0,
    style: { text: word, fill: colours.text, opacity: 0.22, font: `600 22px ${colours.family}` },
  }));
}
