/** What a radar of dimensions looks like: pure, from points and colours to the charting library's option. */
import type { EChartsCoreOption } from 'echarts/core';
import type { Formats } from '../../language/formats.ts';
import type { ChartColours } from '../../theme/theme.ts';

type Dimension = { name: string; now: number | undefined; before: number | undefined };

/** The least outer edge, in points, so that small differences do not look like large ones. */
const EDGE_MIN = 100;

export function radarOption(
  dimensions: Dimension[],
  words: { now: string; before: string; none: string },
  formats: Formats,
  colours: ChartColours,
  still: boolean,
): EChartsCoreOption {
  const known = dimensions.flatMap(({ now, before }) => [now ?? 0, before ?? 0]);
  const max = Math.ceil(Math.max(EDGE_MIN, ...known) / 10) * 10;
  return {
    animation: !still,
    animationDuration: 400,
    color: [colours.line, colours.target],
    legend: {
      bottom: 0,
      itemWidth: 18,
      itemHeight: 8,
      icon: 'roundRect',
      textStyle: { color: colours.text, fontSize: 12 },
    },
    tooltip: {
      renderMode: 'richText',
      confine: true,
      backgroundColor: colours.tooltip,
      borderColor: colours.grid,
      textStyle: { color: colours.text, fontSize: 12 },
      formatter: ({ name, value }: { name: string; value: (number | string)[] }) =>
        [
          name,
          ...dimensions.map((dimension, index) => {
            const points = value[index];
            return `${dimension.name} ${typeof points === 'number' ? formats.points(points) : words.none}`;
          }),
        ].join('\n'),
    },
    radar: {
      center: ['50%', '46%'],
      radius: '66%',
      splitNumber: 4,
      indicator: dimensions.map(({ name }) => ({ name, min: 0, max })),
      axisName: { color: colours.text, fontSize: 12 },
      axisLine: { lineStyle: { color: colours.text, opacity: 0.2 } },
      splitLine: { lineStyle: { color: colours.text, opacity: 0.2 } },
      splitArea: { show: false },
    },
    series: [
      {
        type: 'radar',
        data: [
          {
            name: words.now,
            value: dimensions.map(({ now }) => now ?? '-'),
            lineStyle: { width: 2.5 },
            areaStyle: { color: colours.area },
            symbolSize: 6,
          },
          {
            name: words.before,
            value: dimensions.map(({ before }) => before ?? '-'),
            lineStyle: { width: 1.5, type: 'dashed' },
            symbol: 'none',
          },
        ],
      },
    ],
  };
}
