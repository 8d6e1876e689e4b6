import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Button, Form, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { addPerson, type PersonDraft } from '../../../api/people.ts';
import { useSession } from '../../../app/session.ts';
import { ActionButton } from '../../../parts/ActionButton.tsx';
import { ProblemNotice } from '../../../parts/ProblemNotice.tsx';
import { useDraft } from '../../../parts/useDraft.ts';
import styles from '../SetUp.module.css';
import { useFlaws } from '../useFlaws.ts';
import { DepartmentPicker, PersonPicker, PositionPicker } from './Pickers.tsx';

const ID = /^[a-z][a-z0-9._-]{0,63}$/;
const ID_MAX = 64;
const NAME_MAX = 256;

const FIELDS = ['name', 'id', 'department', 'position', 'manager', 'from'];

type Draft = {
  name: string;
  id: string;
  department?: string;
  position?: string;
  manager?: string;
  from: string;
};

type Props = { added: (name: string) => void; cancelled: () => void };

/** Three fields; what else there is can be added at once or later. */
export function AddPerson({ added, cancelled }: Props) {
  const { t } = useTranslation('setup');
  const { company } = useSession();
  const client = useQueryClient();
  const [form] = Form.useForm<Draft>();
  const draft = useDraft<Partial<Draft> | null>('person', null);
  const [more, setMore] = useState(false);
  const adding = useMutation({
    mutationFn: ({ name, id, ...rest }: Draft) => {
      const given = Object.entries(rest).filter(([, value]) => value !== '');
      return addPerson({ name: name.trim(), id, ...Object.fromEntries(given) } satisfies PersonDraft);
    },
    onSuccess: async (_, { name }) => {
      draft.done();
      added(name);
      await client.invalidateQueries({ queryKey: ['people'] });
      await client.invalidateQueries({ queryKey: ['departments'] });
    },
  });
  useFlaws(form, adding.error, FIELDS);
  return (
    <Form<Draft>
      form={form}
      layout="vertical"
      requiredMark={false}
      className={styles.card ?? ''}
      initialValues={{ from: company.today, ...draft.value }}
      onValuesChange={(_, all) => {
        draft.keep(all);
      }}
      onFinish={(values) => {
        adding.mutate(values);
      }}
    >
      <Form.Item
        name="name"
        label={t('people.name')}
        rules={[{ required: true, whitespace: true, message: t('people.nameNeeded') }]}
      >
        <Input maxLength={NAME_MAX} autoFocus />
      </Form.Item>
      <Form.Item
        name="id"
        label={t('people.id')}
        extra={t('idHint')}
        rules={[{ required: true, pattern: ID, message: t('idNeeded') }]}
      >
        <Input maxLength={ID_MAX} spellCheck={false} autoCapitalize="none" />
      </Form.Item>
      <Form.Item name="department" label={t('people.department')}>
        <DepartmentPicker />
      </Form.Item>
      {more ? (
        <>
          <Form.Item name="position" label={t('people.position')}>
            <PositionPicker />
          </Form.Item>
          <Form.Item name="manager" label={t('people.manager')}>
            <PersonPicker />
          </Form.Item>
          <Form.Item name="from" label={t('people.from')}>
            <Input type="date" />
          </Form.Item>
        </>
      ) : (
        <div>
          <Button
            type="link"
            onClick={() => {
              setMore(true);
            }}
          >
            {t('people.more')}
          </Button>
        </div>
      )}
      {adding.error !== null && <ProblemNotice problem={adding.error} />}
      <div className={styles.actions}>
        <ActionButton type="primary" htmlType="submit" isBusy={adding.isPending}>
          {t('add')}
        </ActionButton>
        <Button
          onClick={() => {
            draft.done();
            cancelled();
          }}
        >
          {t('cancel')}
        </Button>
      </div>
    </Form>
  );
}
