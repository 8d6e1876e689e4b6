import { useQuery } from '@tanstack/react-query';
import { Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { selfViewsQuery } from '../../api/growth.ts';
import { departmentsQuery } from '../../api/person.ts';
import { Problem } from '../../api/problem.ts';
import { useFormats } from '../../language/formats.ts';
import { ProblemNotice } from '../../parts/ProblemNotice.tsx';
import styles from './GrowthPage.module.css';

/** Stands for the whole company in the choice. */
const COMPANY = '';

/** How often people of a group look at their own maps: a mean, and only where nobody can be singled out. */
export function GroupLooks({ person, wholeCompany }: { person: string; wholeCompany: boolean }) {
  const { t } = useTranslation('growth');
  const departments = useQuery(departmentsQuery(person));
  const [chosen, setChosen] = useState<string>();
  const groups = [
    ...(wholeCompany ? [{ value: COMPANY, label: t('group.company') }] : []),
    ...(departments.data ?? []).map(({ id, name }) => ({ value: id, label: name })),
  ];
  const group = chosen ?? groups[0]?.value;
  if (group === undefined) {
    return null;
  }
  return (
    <section className={styles.card} aria-labelledby="group-looks">
      <h2 id="group-looks">{t('group.title')}</h2>
      {groups.length > 1 ? (
        <Select
          aria-label={t('group.choose')}
          options={groups}
          value={group}
          onChange={setChosen}
          className={styles.select ?? ''}
        />
      ) : (
        <p className={styles.quiet}>{groups[0]?.label}</p>
      )}
      <Weeks department={group === COMPANY ? undefined : group} />
    </section>
  );
}

function Weeks({ department }: { department: string | undefined }) {
  const { t } = useTranslation('growth');
  const formats = useFormats();
  const read = useQuery(selfViewsQuery(department));
  if (read.error instanceof Problem && read.error.word === 'not-found') {
    return <p className={styles.quiet}>{t('group.notYours')}</p>;
  }
  if (read.data === undefined) {
    return read.error ? <ProblemNotice problem={read.error} retry={() => void read.refetch()} /> : null;
  }
  const { weeks, smallest_group: smallest } = read.data;
  const told = weeks.filter(({ mean_views: mean }) => mean != null);
  const newest = told.at(-1);
  if (newest?.mean_views == null) {
    return <p className={styles.said}>{t('group.tooSmall', { smallest })}</p>;
  }
  return (
    <>
      <p className={styles.said}>
        {t('group.mean', { mean: formats.points(newest.mean_views), people: newest.people ?? 0 })}
      </p>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">{t('group.week')}</th>
            <th scope="col">{t('group.people')}</th>
            <th scope="col">{t('group.views')}</th>
          </tr>
        </thead>
        <tbody>
          {weeks.map((week) => (
            <tr key={week.week}>
              <th scope="row">{formats.shortDay(week.first_day)}</th>
              <td>{week.people ?? t('noneShort')}</td>
              <td>{week.mean_views == null ? t('group.few') : formats.points(week.mean_views)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className={styles.quiet}>{t('group.rule', { smallest })}</p>
    </>
  );
}
