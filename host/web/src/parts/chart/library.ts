/** The charting library with the modules that pages use and no others. This file is a chunk of its own. */
import { BarChart, LineChart, RadarChart } from 'echarts/charts';
import {
  GraphicComponent,
  GridComponent,
  LegendComponent,
  MarkAreaComponent,
  MarkLineComponent,
  RadarComponent,
  TooltipComponent,
} from 'echarts/components';
import { init, use as register } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';

// A canvas, because the library's other renderer writes style attributes, which the host's policy forbids.
register([
  BarChart,
  CanvasRenderer,
  GraphicComponent,
  GridComponent,
  LegendComponent,
  LineChart,
  MarkAreaComponent,
  MarkLineComponent,
  RadarChart,
  RadarComponent,
  TooltipComponent,
]);

export { init };
