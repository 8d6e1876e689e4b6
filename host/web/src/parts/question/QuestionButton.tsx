import { MessageOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Asked } from '../../api/questions.ts';

const QuestionDialog = lazy(async () => ({ default: (await import('./QuestionDialog.tsx')).QuestionDialog }));

type Props = {
  asked: Asked;
  /** What the number is, with its value, as the dialog repeats it. */
  about: string;
};

/** "This is wrong": stands beside every score. */
export function QuestionButton({ asked, about }: Props) {
  const { t } = useTranslation('parts');
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button
        type="text"
        size="small"
        icon={<MessageOutlined />}
        aria-label={t('question.openAbout', { about })}
        onClick={() => {
          setOpen(true);
        }}
      >
        {t('question.open')}
      </Button>
      {open && (
        <Suspense fallback={null}>
          <QuestionDialog
            asked={asked}
            about={about}
            close={() => {
              setOpen(false);
            }}
          />
        </Suspense>
      )}
    </>
  );
}
