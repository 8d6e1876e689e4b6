import { useTranslation } from 'react-i18next';
import type { Question } from '../../api/questions.ts';
import { useFormats } from '../../language/formats.ts';

/** What a number is called: its indicator, or the composite, and the month. */
export function useNumberName() {
  const { t } = useTranslation('questions');
  const formats = useFormats();
  return (about: Question['about']) => {
    const title = about.title ? formats.text(about.title) : t('composite');
    return t('number', { title, period: formats.month(about.period) });
  };
}
