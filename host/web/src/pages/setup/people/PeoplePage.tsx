/** Who belongs to the company: found by name and department, page by page. */
import { PlusOutlined } from '@ant-design/icons';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button, Checkbox, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { peopleQuery, type Person } from '../../../api/people.ts';
import { Loading } from '../../../app/Loading.tsx';
import { useSession } from '../../../app/session.ts';
import { useTitle } from '../../../app/useTitle.ts';
import { useFormats } from '../../../language/formats.ts';
import { EmptyState } from '../../../parts/EmptyState.tsx';
import { ProblemNotice } from '../../../parts/ProblemNotice.tsx';
import { More } from '../More.tsx';
import { PageHead } from '../PageHead.tsx';
import styles from '../SetUp.module.css';
import { Success } from '../Success.tsx';
import { AddPerson } from './AddPerson.tsx';
import { DepartmentPicker } from './Pickers.tsx';
import { useSettled } from './useSettled.ts';

export function PeoplePage() {
  const { t } = useTranslation('setup');
  useTitle(t('part.people.title'));
  const { administrator } = useSession();
  const [typed, setTyped] = useState('');
  const [department, setDepartment] = useState<string>();
  const [everybody, setEverybody] = useState(false);
  const [adding, setAdding] = useState(false);
  const [added, setAdded] = useState<string>();
  const name = useSettled(typed.trim());
  const people = useInfiniteQuery(
    peopleQuery({
      ...(name !== '' && { name }),
      ...(department !== undefined && { department }),
      ...(everybody && { everybody }),
    }),
  );
  const items = people.data?.pages.flatMap(({ items }) => items);
  return (
    <>
      <PageHead
        title={t('part.people.title')}
        lead={t('people.lead')}
        action={
          administrator &&
          !adding && (
            <Button
              type="primary"
              icon={<PlusOutlined />}
              onClick={() => {
                setAdded(undefined);
                setAdding(true);
              }}
            >
              {t('people.add')}
            </Button>
          )
        }
      />
      {added !== undefined && <Success>{t('people.added', { name: added })}</Success>}
      {adding && (
        <AddPerson
          added={(name) => {
            setAdding(false);
            setAdded(name);
          }}
          cancelled={() => {
            setAdding(false);
          }}
        />
      )}
      <div className={styles.filters} role="search">
        <Input.Search
          aria-label={t('people.search')}
          placeholder={t('people.search')}
          allowClear
          value={typed}
          onChange={(event) => {
            setTyped(event.target.value);
          }}
        />
        <DepartmentPicker
          aria-label={t('people.everyDepartment')}
          placeholder={t('people.everyDepartment')}
          value={department}
          onChange={setDepartment}
        />
        <Checkbox
          checked={everybody}
          onChange={(event) => {
            setEverybody(event.target.checked);
          }}
        >
          {t('people.everybody')}
        </Checkbox>
      </div>
      {items === undefined ? (
        people.error ? (
          <ProblemNotice problem={people.error} retry={() => void people.refetch()} />
        ) : (
          <Loading />
        )
      ) : items.length === 0 && !people.hasNextPage ? (
        <EmptyState title={t('people.none')}>{t('people.noneText')}</EmptyState>
      ) : (
        <ul className={styles.list} aria-label={t('part.people.title')}>
          {items.map((person) => (
            <li key={person.id}>
              <Row person={person} />
            </li>
          ))}
        </ul>
      )}
      <More query={people} />
    </>
  );
}

function Row({ person }: { person: Person }) {
  const { t } = useTranslation('setup');
  const formats = useFormats();
  const { id, name, erased, employed, department, position, manager } = person;
  return (
    <Link to="/setup/people/$person" params={{ person: id }} className={styles.row}>
      <span>
        <span className={styles.name}>{erased ? t('people.erased') : name}</span>{' '}
        <span className={styles.code}>{id}</span>
      </span>
      <span className={styles.quiet}>
        {employed
          ? [department?.name, position?.title ? formats.text(position.title) : undefined]
              .filter((part) => part !== undefined)
              .join(' · ')
          : t('people.left')}
      </span>
      <span className={styles.quiet}>{manager ? t('people.reportsTo', { name: manager.name }) : ''}</span>
    </Link>
  );
}
