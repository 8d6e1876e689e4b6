/** Language and theme, each in one tap. */
import { MoonOutlined, SunOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { choose } from '../api/session.ts';
import { useAppearance } from '../theme/appearance.ts';
import { preferences } from './preferences.ts';

/** Says in the other language what it does: whoever needs it may not read this one. */
export function LanguageSwitch() {
  const { t } = useTranslation();
  const { language } = preferences.use();
  const other = language === 'en' ? 'zh-CN' : 'en';
  return (
    <Button
      type="text"
      lang={other}
      aria-label={t('language')}
      onClick={() => {
        keep(choose({ language: other }));
      }}
    >
      {t('languageSign')}
    </Button>
  );
}

export function ThemeSwitch() {
  const { t } = useTranslation();
  const appearance = useAppearance();
  const other = appearance === 'dark' ? 'light' : 'dark';
  return (
    <Button
      type="text"
      icon={appearance === 'dark' ? <SunOutlined /> : <MoonOutlined />}
      aria-label={t(other === 'dark' ? 'theme.toDark' : 'theme.toLight')}
      onClick={() => {
        keep(choose({ theme: other }));
      }}
    />
  );
}

/** What was chosen holds on this device in any case; that the host could not note it is no reason to disturb anybody. */
function keep(chosen: Promise<void>) {
  chosen.catch(() => undefined);
}
