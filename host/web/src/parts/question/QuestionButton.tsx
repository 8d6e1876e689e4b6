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
  /** Names the number whatever its newest value is: what was written about it stays with it. */
  name: string;
};

/** "This is wrong": stands beside every score. Who writes goes on writing about the number that they saw. */
export function QuestionButton({ asked, about, name }: Props) {
  const { t } = useTranslation('parts');
  const [open, setOpen] = useState<Props>();
  return (
    <>
      <Button
        type="text"
        size="small"
        icon={<MessageOutlined />}
        aria-label={t('question.openAbout', { about })}
        onClick={() => {
          setOpen({ asked, about, name });
        }}
      >
        {t('question.open')}
      </Button>
      {open && (
        <Suspense fallback={null}>
          <QuestionDialog
            {...open}
            close={() => {
              setOpen(undefined);
            }}
          />
        </Suspense>
      )}
    </>
  );
}
