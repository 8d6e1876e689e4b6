import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Form, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { movePerson, type MoveDraft, type Person } from '../../../api/people.ts';
import { useSession } from '../../../app/session.ts';
import { useFormats } from '../../../language/formats.ts';
import { ActionButton } from '../../../parts/ActionButton.tsx';
import { ProblemNotice } from '../../../parts/ProblemNotice.tsx';
import styles from '../SetUp.module.css';
import { Success } from '../Success.tsx';
import { useFlaws } from '../useFlaws.ts';
import { DepartmentPicker, PersonPicker, PositionPicker } from './Pickers.tsx';

type Draft = { department?: string; position?: string; manager?: string; from: string };

const FIELDS = ['department', 'position', 'manager', 'from'];

/** To another department, position or manager from a day on. What is not changed is not sent. */
export function MoveCard({ person }: { person: Person }) {
  const { t } = useTranslation('setup');
  const { company } = useSession();
  const formats = useFormats();
  const client = useQueryClient();
  const [form] = Form.useForm<Draft>();
  const [moved, setMoved] = useState<string>();
  const now = {
    department: person.department?.id,
    position: person.position?.id,
    manager: person.manager?.id,
  };
  const moving = useMutation({
    mutationFn: ({ from, ...wanted }: Draft) => {
      const move: MoveDraft = { from };
      for (const key of ['department', 'position', 'manager'] as const) {
        if (wanted[key] !== now[key]) {
          move[key] = wanted[key] ?? null;
        }
      }
      return movePerson(person.id, move);
    },
    onSuccess: async (_, { from }) => {
      setMoved(from);
      await client.invalidateQueries({ queryKey: ['people'] });
      await client.invalidateQueries({ queryKey: ['departments'] });
    },
  });
  useFlaws(form, moving.error, FIELDS);
  const values = Form.useWatch([], form) as Partial<Draft> | undefined;
  const changed =
    values !== undefined &&
    (['department', 'position', 'manager'] as const).some((key) => values[key] !== now[key]);
  return (
    <Form<Draft>
      form={form}
      layout="vertical"
      requiredMark={false}
      className={styles.card ?? ''}
      initialValues={{ ...now, from: company.today }}
      onValuesChange={() => {
        setMoved(undefined);
      }}
      onFinish={(values) => {
        moving.mutate(values);
      }}
    >
      <h3>{t('people.move')}</h3>
      <Form.Item name="department" label={t('people.department')}>
        <DepartmentPicker />
      </Form.Item>
      <Form.Item name="position" label={t('people.position')}>
        <PositionPicker />
      </Form.Item>
      <Form.Item name="manager" label={t('people.manager')}>
        <PersonPicker known={person.manager} />
      </Form.Item>
      <Form.Item
        name="from"
        label={t('people.from')}
        rules={[{ required: true, message: t('people.fromNeeded') }]}
      >
        <Input type="date" />
      </Form.Item>
      {moving.error !== null && <ProblemNotice problem={moving.error} />}
      {moved !== undefined && <Success>{t('people.moved', { day: formats.day(moved) })}</Success>}
      <div className={styles.actions}>
        <ActionButton htmlType="submit" type="primary" disabled={!changed} isBusy={moving.isPending}>
          {t('people.move')}
        </ActionButton>
      </div>
    </Form>
  );
}
