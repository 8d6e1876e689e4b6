import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Checkbox, Popconfirm, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { departmentsQuery } from '../../../api/departments.ts';
import { rolesQuery, setRoles, type Person, type Roles } from '../../../api/people.ts';
import { Loading } from '../../../app/Loading.tsx';
import { ActionButton } from '../../../parts/ActionButton.tsx';
import { ProblemNotice } from '../../../parts/ProblemNotice.tsx';
import styles from '../SetUp.module.css';
import { Success } from '../Success.tsx';

/** What somebody may do beside what everybody may: arrange the company, look after departments. */
export function RolesCard({ person }: { person: Person }) {
  const { t } = useTranslation('setup');
  const roles = useQuery(rolesQuery(person.id));
  return (
    <section className={styles.card} aria-labelledby="roles">
      <div>
        <h3 id="roles">{t('roles.title')}</h3>
        <p className={styles.quiet}>{t('roles.text')}</p>
      </div>
      {roles.data === undefined ? (
        roles.error ? (
          <ProblemNotice problem={roles.error} retry={() => void roles.refetch()} />
        ) : (
          <Loading />
        )
      ) : (
        <Choice person={person} roles={roles.data} />
      )}
    </section>
  );
}

function Choice({ person, roles }: { person: Person; roles: Roles }) {
  const { t } = useTranslation('setup');
  const client = useQueryClient();
  const departments = useQuery(departmentsQuery);
  const [changes, setChosen] = useState<Roles>();
  const chosen = changes ?? roles;
  const setting = useMutation({
    mutationFn: () => setRoles(person.id, chosen),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: rolesQuery(person.id).queryKey });
      setChosen(undefined);
    },
  });
  const changed =
    chosen.administrator !== roles.administrator ||
    [...chosen.hr_departments].sort().join(' ') !== [...roles.hr_departments].sort().join(' ');
  return (
    <>
      <Checkbox
        checked={chosen.administrator}
        onChange={(event) => {
          setChosen({ ...chosen, administrator: event.target.checked });
        }}
      >
        {t('roles.administrator')}
      </Checkbox>
      <Select
        mode="multiple"
        aria-label={t('roles.partner')}
        placeholder={t('roles.partner')}
        showSearch={{ optionFilterProp: 'label' }}
        value={chosen.hr_departments}
        onChange={(hr_departments) => {
          setChosen({ ...chosen, hr_departments });
        }}
        options={departments.data?.map(({ id, name }) => ({ value: id, label: name })) ?? []}
      />
      {setting.error !== null && <ProblemNotice problem={setting.error} />}
      {setting.isSuccess && !changed && <Success>{t('roles.set')}</Success>}
      <div className={styles.actions}>
        <Popconfirm
          title={t('roles.ask', { name: person.name })}
          description={t('roles.confirm')}
          okText={t('roles.save')}
          cancelText={t('cancel')}
          disabled={!changed}
          onConfirm={() => {
            setting.mutate();
          }}
        >
          <ActionButton disabled={!changed} isBusy={setting.isPending}>
            {t('roles.save')}
          </ActionButton>
        </Popconfirm>
      </div>
    </>
  );
}
