/** The tree of departments, with how many people each part of it has today. */
import { PlusOutlined } from '@ant-design/icons';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Form, Input, Popconfirm } from 'antd';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import {
  closeDepartment,
  departmentsQuery,
  headcountQuery,
  setDepartment,
  type Department,
} from '../../../api/departments.ts';
import { Loading } from '../../../app/Loading.tsx';
import { useSession } from '../../../app/session.ts';
import { useTitle } from '../../../app/useTitle.ts';
import { useFormats } from '../../../language/formats.ts';
import { ActionButton } from '../../../parts/ActionButton.tsx';
import { EmptyState } from '../../../parts/EmptyState.tsx';
import { ProblemNotice } from '../../../parts/ProblemNotice.tsx';
import { PageHead } from '../PageHead.tsx';
import shared from '../SetUp.module.css';
import { Success } from '../Success.tsx';
import { useFlaws } from '../useFlaws.ts';
import { DepartmentPicker } from './Pickers.tsx';
import { treeOf, type Branch } from './tree.ts';
import styles from './DepartmentsPage.module.css';

/** What is being written: a new department, or a known one. */
type Writing = { department?: Department; parent?: string };

export function DepartmentsPage() {
  const { t } = useTranslation('setup');
  useTitle(t('part.departments.title'));
  const { administrator } = useSession();
  const formats = useFormats();
  const departments = useQuery(departmentsQuery);
  const headcount = useQuery(headcountQuery);
  const [writing, setWriting] = useState<Writing>();
  const [said, setSaid] = useState<string>();
  const tree = useMemo(
    () => treeOf(departments.data ?? [], headcount.data?.departments ?? []),
    [departments.data, headcount.data],
  );
  const people = headcount.data?.people;
  const lead =
    people == null
      ? t('departments.lead')
      : t('departments.leadWithPeople', { number: formats.number(people), count: people });
  return (
    <>
      <PageHead
        title={t('part.departments.title')}
        lead={lead}
        action={
          administrator &&
          !writing && (
            <Button
              type="primary"
              icon={<PlusOutlined />}
              onClick={() => {
                setSaid(undefined);
                setWriting({});
              }}
            >
              {t('departments.add')}
            </Button>
          )
        }
      />
      {said !== undefined && <Success>{said}</Success>}
      {writing && (
        <DepartmentForm
          key={writing.department?.id ?? writing.parent ?? ''}
          writing={writing}
          done={(said) => {
            setWriting(undefined);
            setSaid(said);
          }}
        />
      )}
      {departments.data === undefined ? (
        departments.error ? (
          <ProblemNotice problem={departments.error} retry={() => void departments.refetch()} />
        ) : (
          <Loading />
        )
      ) : tree.length === 0 ? (
        <EmptyState title={t('departments.none')}>{t('departments.noneText')}</EmptyState>
      ) : (
        <div className={styles.tree}>
          <Branches branches={tree} write={setWriting} say={setSaid} />
        </div>
      )}
    </>
  );
}

type BranchesProps = {
  branches: Branch[];
  write: (writing: Writing) => void;
  say: (said: string | undefined) => void;
};

function Branches({ branches, write, say }: BranchesProps) {
  return (
    <ul className={styles.branches}>
      {branches.map((branch) => (
        <li key={branch.id}>
          <BranchRow branch={branch} write={write} say={say} />
          {branch.below.length > 0 && <Branches branches={branch.below} write={write} say={say} />}
        </li>
      ))}
    </ul>
  );
}

function BranchRow({ branch, write, say }: { branch: Branch } & Omit<BranchesProps, 'branches'>) {
  const { t } = useTranslation('setup');
  const formats = useFormats();
  const { administrator } = useSession();
  const client = useQueryClient();
  const closing = useMutation({
    mutationFn: () => closeDepartment(branch.id),
    onSuccess: async () => {
      say(t('departments.closed', { name: branch.name }));
      await client.invalidateQueries({ queryKey: ['departments'] });
    },
  });
  const { name, people, all } = branch;
  const open = (writing: Writing) => {
    say(undefined);
    write(writing);
    window.scrollTo({ top: 0 });
  };
  return (
    <div className={styles.branch}>
      <span className={shared.name}>{name}</span>
      {all !== undefined && (
        <span className={shared.quiet}>
          {people === all
            ? t('departments.people', { count: all, number: formats.number(all) })
            : t('departments.peopleBelow', {
                count: all,
                number: formats.number(all),
                own: formats.number(people ?? 0),
              })}
        </span>
      )}
      {administrator && (
        <span className={styles.tools}>
          <Button
            size="small"
            type="text"
            aria-label={t('departments.addBelowOf', { name })}
            onClick={() => {
              open({ parent: branch.id });
            }}
          >
            {t('departments.addBelow')}
          </Button>
          <Button
            size="small"
            type="text"
            aria-label={t('departments.changeOf', { name })}
            onClick={() => {
              open({ department: branch });
            }}
          >
            {t('departments.change')}
          </Button>
          {branch.below.length === 0 && all === 0 && (
            <Popconfirm
              title={t('departments.closeAsk', { name })}
              description={t('departments.closeText')}
              okText={t('departments.close')}
              cancelText={t('cancel')}
              onConfirm={() => {
                closing.mutate();
              }}
            >
              <ActionButton
                size="small"
                type="text"
                isBusy={closing.isPending}
                aria-label={t('departments.closeOf', { name })}
              >
                {t('departments.close')}
              </ActionButton>
            </Popconfirm>
          )}
        </span>
      )}
      {closing.error !== null && <ProblemNotice problem={closing.error} />}
    </div>
  );
}

const ID = /^[a-z][a-z0-9._-]{0,63}$/;
const ID_MAX = 64;
const NAME_MAX = 256;
const FIELDS = ['name', 'id', 'parent', 'from'];

type Draft = { name: string; id: string; parent?: string };

function DepartmentForm({ writing, done }: { writing: Writing; done: (said?: string) => void }) {
  const { t } = useTranslation('setup');
  const client = useQueryClient();
  const [form] = Form.useForm<Draft>();
  const { department, parent } = writing;
  const setting = useMutation({
    mutationFn: ({ name, id, parent }: Draft) =>
      setDepartment(department?.id ?? id, { name: name.trim(), parent: parent ?? null }),
    onSuccess: async (_, { name }) => {
      done(t(department ? 'departments.changed' : 'departments.added', { name }));
      await client.invalidateQueries({ queryKey: ['departments'] });
    },
  });
  useFlaws(form, setting.error, FIELDS);
  return (
    <Form<Draft>
      form={form}
      layout="vertical"
      requiredMark={false}
      className={shared.card ?? ''}
      initialValues={
        department
          ? { name: department.name, id: department.id, parent: department.parent ?? undefined }
          : { parent }
      }
      onFinish={(values) => {
        setting.mutate(values);
      }}
    >
      <h2>{department ? t('departments.changeOf', { name: department.name }) : t('departments.add')}</h2>
      <Form.Item
        name="name"
        label={t('departments.name')}
        rules={[{ required: true, whitespace: true, message: t('departments.nameNeeded') }]}
      >
        <Input maxLength={NAME_MAX} autoFocus />
      </Form.Item>
      {!department && (
        <Form.Item
          name="id"
          label={t('departments.id')}
          extra={t('idHint')}
          rules={[{ required: true, pattern: ID, message: t('idNeeded') }]}
        >
          <Input maxLength={ID_MAX} spellCheck={false} autoCapitalize="none" />
        </Form.Item>
      )}
      <Form.Item name="parent" label={t('departments.parent')}>
        <DepartmentPicker />
      </Form.Item>
      <p className={shared.quiet}>{t('departments.fromToday')}</p>
      {setting.error !== null && <ProblemNotice problem={setting.error} />}
      <div className={shared.actions}>
        <ActionButton type="primary" htmlType="submit" isBusy={setting.isPending}>
          {t('save')}
        </ActionButton>
        <Button
          onClick={() => {
            done();
          }}
        >
          {t('cancel')}
        </Button>
      </div>
    </Form>
  );
}
