/** The pages that stand in the navigation, and who has them. On a phone they are tabs, so there are at most five for anybody. */
import { CommentOutlined, RiseOutlined, SettingOutlined, SunOutlined, TeamOutlined } from '@ant-design/icons';
import type { LinkProps } from '@tanstack/react-router';
import type { ParseKeys } from 'i18next';
import type { ComponentType } from 'react';
import type { Session } from '../api/session.ts';

export type Destination = {
  to: NonNullable<LinkProps['to']>;
  text: ParseKeys;
  icon: ComponentType<{ 'aria-hidden'?: boolean }>;
  isFor: (session: Session) => boolean;
};

const everybody = () => true;

export const DESTINATIONS: Destination[] = [
  { to: '/', text: 'today', icon: SunOutlined, isFor: everybody },
  { to: '/growth', text: 'growth', icon: RiseOutlined, isFor: everybody },
  { to: '/questions', text: 'questions', icon: CommentOutlined, isFor: everybody },
  { to: '/team', text: 'team', icon: TeamOutlined, isFor: ({ leads }) => leads },
  {
    to: '/setup',
    text: 'setUp',
    icon: SettingOutlined,
    isFor: ({ administrator, hr_partner }) => administrator || hr_partner,
  },
];
