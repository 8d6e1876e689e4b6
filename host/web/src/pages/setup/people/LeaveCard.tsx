import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Input, Popconfirm } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { letPersonLeave, type Person } from '../../../api/people.ts';
import { useSession } from '../../../app/session.ts';
import { useFormats } from '../../../language/formats.ts';
import { ActionButton } from '../../../parts/ActionButton.tsx';
import { ProblemNotice } from '../../../parts/ProblemNotice.tsx';
import styles from '../SetUp.module.css';
import { Success } from '../Success.tsx';

/** The last day of somebody who leaves. What they did stays. */
export function LeaveCard({ person }: { person: Person }) {
  const { t } = useTranslation('setup');
  const { company } = useSession();
  const formats = useFormats();
  const client = useQueryClient();
  const [day, setDay] = useState(company.today);
  const leaving = useMutation({
    mutationFn: (day: string) => letPersonLeave(person.id, day),
    onSuccess: () => client.invalidateQueries({ queryKey: ['people'] }),
  });
  return (
    <section className={styles.card} aria-labelledby="leave">
      <div>
        <h3 id="leave">{t('people.leave')}</h3>
        <p className={styles.quiet}>{t('people.leaveText')}</p>
      </div>
      <label>
        {t('people.lastDay')}
        <Input
          type="date"
          value={day}
          onChange={(event) => {
            setDay(event.target.value);
          }}
        />
      </label>
      {leaving.error !== null && <ProblemNotice problem={leaving.error} />}
      {leaving.isSuccess && (
        <Success>{t('people.leaves', { name: person.name, day: formats.day(leaving.variables) })}</Success>
      )}
      <div className={styles.actions}>
        <Popconfirm
          title={t('people.leaveAsk', { name: person.name })}
          description={t('people.leaveConfirm')}
          okText={t('people.leave')}
          cancelText={t('cancel')}
          disabled={day === ''}
          onConfirm={() => {
            leaving.mutate(day);
          }}
        >
          <ActionButton disabled={day === ''} isBusy={leaving.isPending}>
            {t('people.leave')}
          </ActionButton>
        </Popconfirm>
      </div>
    </section>
  );
}
