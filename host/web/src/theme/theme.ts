/**
 * The visual language: one accent, the colour of the first light, on warm neutral ground. Everything that has a colour
 * or a size gets it from these tokens: components of the library through `ConfigProvider`, our own style sheets through
 * the variables `--day-…` that it makes of them, charts through `chartColours`.
 */
import { theme as library, type ThemeConfig } from 'antd';

export type Appearance = 'light' | 'dark';

/** The class under which the library's variables stand; the root of the page has it. */
export const VARIABLES = 'daybreak';

type Palette = {
  accent: string;
  ground: string;
  surface: string;
  raised: string;
  text: string;
  quiet: string;
  faint: string;
  line: string;
  faintLine: string;
  good: string;
  caution: string;
  wrong: string;
};

const PALETTES: Record<Appearance, Palette> = {
  light: {
    accent: '#b24418',
    ground: '#faf7f3',
    surface: '#ffffff',
    raised: '#ffffff',
    text: '#231d18',
    quiet: '#685f57',
    faint: '#756b62',
    line: '#e2d9cf',
    faintLine: '#efe8e0',
    good: '#2c6e49',
    caution: '#8a5a00',
    wrong: '#b3261e',
  },
  dark: {
    accent: '#ff9f6e',
    ground: '#151210',
    surface: '#1f1b18',
    raised: '#292420',
    text: '#f3ede7',
    quiet: '#b9aea3',
    faint: '#a0958b',
    line: '#3a332d',
    faintLine: '#2c2621',
    good: '#7fc8a0',
    caution: '#e3b45c',
    wrong: '#ff8a80',
  },
};

/** What the page stands on; browsers of phones give their own frame this colour. */
export function groundOf(appearance: Appearance): string {
  return PALETTES[appearance].ground;
}

/** Families that devices have; no font is fetched. */
const FAMILY =
  "-apple-system, BlinkMacSystemFont, 'Segoe UI', 'PingFang SC', 'Hiragino Sans GB', 'Noto Sans CJK SC', 'Noto Sans SC', 'Microsoft YaHei', Roboto, 'Helvetica Neue', Arial, sans-serif";

export function themeOf(appearance: Appearance, still: boolean): ThemeConfig {
  const colours = PALETTES[appearance];
  return {
    algorithm: appearance === 'dark' ? library.darkAlgorithm : library.defaultAlgorithm,
    cssVar: { prefix: 'day', key: VARIABLES },
    hashed: false,
    token: {
      colorPrimary: colours.accent,
      colorLink: colours.accent,
      // What is derived for these is too light to be read: a link under the mouse is told by its line.
      colorLinkHover: colours.accent,
      colorLinkActive: colours.accent,
      colorInfo: colours.quiet,
      colorSuccess: colours.good,
      colorWarning: colours.caution,
      colorError: colours.wrong,
      colorBgLayout: colours.ground,
      colorBgContainer: colours.surface,
      colorBgElevated: colours.raised,
      colorText: colours.text,
      colorTextSecondary: colours.quiet,
      colorTextTertiary: colours.faint,
      colorTextPlaceholder: colours.faint,
      colorBorder: colours.line,
      colorBorderSecondary: colours.faintLine,
      borderRadius: 10,
      borderRadiusLG: 18,
      fontFamily: FAMILY,
      fontSize: 15,
      controlHeight: 44,
      controlHeightSM: 32,
      wireframe: false,
      motion: !still,
    },
    components: {
      Button: {
        primaryShadow: 'none',
        defaultShadow: 'none',
        fontWeight: 500,
        // Lighter than the accent, white words on it would be too faint while a pointer rests on a button.
        ...(appearance === 'dark' ? { primaryColor: '#2a1206' } : { colorPrimaryHover: '#9c3a14' }),
      },
    },
  };
}

export type ChartColours = {
  family: string;
  line: string;
  area: string;
  target: string;
  band: string;
  text: string;
  grid: string;
  ground: string;
  tooltip: string;
  others: string[];
};

/** What charts are drawn with: they stand on a canvas, where style sheets do not reach. */
export function chartColours(appearance: Appearance): ChartColours {
  const colours = PALETTES[appearance];
  return {
    family: FAMILY,
    line: colours.accent,
    area: `${colours.accent}1f`,
    target: colours.quiet,
    band: appearance === 'dark' ? '#ffffff12' : '#6b5a4a14',
    text: colours.quiet,
    grid: colours.faintLine,
    ground: colours.surface,
    tooltip: colours.raised,
    others: [colours.quiet, colours.good, colours.caution],
  };
}
