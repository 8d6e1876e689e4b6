/** The parts of the set-up, and who has them: what a role may not do is not offered to it. */
import { PieChartOutlined } from '@ant-design/icons';
import type { LinkProps } from '@tanstack/react-router';
import type { ComponentType } from 'react';
import type { Session } from '../../api/session.ts';

export type SectionName =
  'people' | 'departments' | 'scorecards' | 'indicators' | 'plugins' | 'import' | 'jobs' | 'tokens';

export type Section = {
  name: SectionName;
  to: NonNullable<LinkProps['to']>;
  icon: ComponentType;
  administration: boolean;
};

const SECTIONS: Section[] = [
  { name: 'scorecards', to: '/setup/scorecards', icon: PieChartOutlined, administration: false },
];

export const sectionsFor = (session: Pick<Session, 'administrator'>) =>
  SECTIONS.filter(({ administration }) => session.administrator || !administration);
