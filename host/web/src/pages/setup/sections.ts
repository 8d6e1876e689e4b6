/** The parts of the set-up, and who has them: what a role may not do is not offered to it. */
import {
  ApartmentOutlined,
  AppstoreOutlined,
  ImportOutlined,
  KeyOutlined,
  LineChartOutlined,
  PieChartOutlined,
  ThunderboltOutlined,
  UserOutlined,
} from '@ant-design/icons';
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
  { name: 'people', to: '/setup/people', icon: UserOutlined, administration: false },
  { name: 'departments', to: '/setup/departments', icon: ApartmentOutlined, administration: false },
  { name: 'scorecards', to: '/setup/scorecards', icon: PieChartOutlined, administration: false },
  { name: 'indicators', to: '/setup/indicators', icon: LineChartOutlined, administration: false },
  { name: 'plugins', to: '/setup/plugins', icon: AppstoreOutlined, administration: false },
  { name: 'import', to: '/setup/import', icon: ImportOutlined, administration: true },
  { name: 'jobs', to: '/setup/jobs', icon: ThunderboltOutlined, administration: true },
  { name: 'tokens', to: '/setup/tokens', icon: KeyOutlined, administration: true },
];

export const sectionsFor = (session: Pick<Session, 'administrator'>) =>
  SECTIONS.filter(({ administration }) => session.administrator || !administration);
