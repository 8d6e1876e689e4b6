/** One indicator as it is set up: how it is computed, what its plugin may read, its parameters and its goals. */
import {
  keepPreviousData,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { Form, Input, InputNumber } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import {
  goalsQuery,
  indicatorSetUpQuery,
  setGoal,
  type GoalSetting,
  type IndicatorWithGoals,
} from '../../../api/indicators.ts';
import { Loading } from '../../../app/Loading.tsx';
import { useSession } from '../../../app/session.ts';
import { useTitle } from '../../../app/useTitle.ts';
import { isWholeDay } from '../../../language/days.ts';
import { useFormats } from '../../../language/formats.ts';
import { ActionButton } from '../../../parts/ActionButton.tsx';
import { ProblemNotice } from '../../../parts/ProblemNotice.tsx';
import { More } from '../More.tsx';
import { PageHead } from '../PageHead.tsx';
import { PersonPicker } from '../people/Pickers.tsx';
import { shortDigest } from '../plugins/digest.ts';
import { Requirements } from '../Requirements.tsx';
import styles from '../SetUp.module.css';
import { Success } from '../Success.tsx';
import { useFlaws } from '../useFlaws.ts';
import { goalText } from './goal.ts';

export function IndicatorSetUpPage() {
  const { indicator: id } = useParams({ from: '/signed-in/set-up/setup/indicators/$indicator' });
  const indicator = useQuery(indicatorSetUpQuery(id));
  if (indicator.data === undefined) {
    return indicator.error ? (
      <ProblemNotice problem={indicator.error} retry={() => void indicator.refetch()} />
    ) : (
      <Loading />
    );
  }
  return <Whole key={id} indicator={indicator.data} />;
}

function Whole({ indicator }: { indicator: IndicatorWithGoals }) {
  const { t } = useTranslation('setup');
  const formats = useFormats();
  const title = formats.text(indicator.title);
  useTitle(title);
  const parameters = Object.keys(indicator.parameters);
  return (
    <>
      <PageHead title={title} lead={t(`indicators.direction.${indicator.direction}`)} />
      <dl className={`${styles.card ?? ''} ${styles.facts ?? ''}`}>
        <dt>{t('indicators.id')}</dt>
        <dd className={styles.code}>{indicator.id}</dd>
        <dt>{t('indicators.plugin')}</dt>
        <dd>
          <Link to="/setup/plugins/$plugin" params={{ plugin: indicator.plugin }}>
            {indicator.plugin}
          </Link>
        </dd>
        <dt>{t('indicators.unit')}</dt>
        <dd>{indicator.unit === '' ? t('indicators.noUnit') : indicator.unit}</dd>
        <dt>{t('indicators.ceiling')}</dt>
        <dd>{t('indicators.points', { points: formats.number(indicator.ceiling) })}</dd>
      </dl>
      <section className={styles.section} aria-labelledby="parameters">
        <h2 id="parameters">{t('indicators.parameters')}</h2>
        {parameters.length === 0 ? (
          <p className={styles.quiet}>{t('indicators.noParameters')}</p>
        ) : (
          <pre className={styles.json} tabIndex={0}>
            {JSON.stringify(indicator.parameters, null, 2)}
          </pre>
        )}
      </section>
      {indicator.grants && indicator.grants.length > 0 && (
        <section className={styles.section} aria-labelledby="grants">
          <h2 id="grants">{t('indicators.grants')}</h2>
          <ul className={styles.columns}>
            {indicator.grants.map(({ component, department, requirements }) => (
              <li key={`${component} ${department ?? ''}`} className={styles.card}>
                <h3>
                  {department == null
                    ? t('plugins.wholeCompany')
                    : t('plugins.inDepartment', { name: department })}
                </h3>
                <p className={styles.code} title={component}>
                  {shortDigest(component)}
                </p>
                <Requirements requirements={requirements} />
              </li>
            ))}
          </ul>
        </section>
      )}
      <Goals indicator={indicator} />
    </>
  );
}

function Goals({ indicator }: { indicator: IndicatorWithGoals }) {
  const { t } = useTranslation('setup');
  const formats = useFormats();
  const { today } = useSession().company;
  const [from, setFrom] = useState(today);
  const on = isWholeDay(from) ? from : today;
  const goals = useInfiniteQuery({
    ...goalsQuery(indicator.id, on),
    placeholderData: keepPreviousData,
  });
  const items = goals.data?.pages.flatMap(({ items }) => items) ?? [];
  return (
    <section className={styles.section} aria-labelledby="goals">
      <h2 id="goals">{t('goals.title')}</h2>
      <p className={styles.quiet}>{t('goals.lead')}</p>
      {on !== today && <p className={styles.quiet}>{t('goals.on', { day: formats.day(on) })}</p>}
      {goals.error !== null && items.length === 0 && (
        <ProblemNotice problem={goals.error} retry={() => void goals.refetch()} />
      )}
      {items.length > 0 && (
        <ul className={styles.list}>
          {items.map((goal) => (
            <li key={goal.sequence} className={styles.row}>
              <span className={styles.name}>{goal.subject ?? t('goals.everybody')}</span>
              <span>{goalText(goal, indicator.unit, t, formats)}</span>
              <span className={styles.quiet}>
                {goal.from == null
                  ? t('scorecards.sinceEver')
                  : t('scorecards.since', { day: formats.day(goal.from) })}
                {goal.next_from != null && ` · ${t('goals.next', { day: formats.day(goal.next_from) })}`}
              </span>
            </li>
          ))}
        </ul>
      )}
      <More query={goals} />
      <SetGoal indicator={indicator} fromChosen={setFrom} />
    </section>
  );
}

type Draft = {
  subject?: string;
  baseline?: number | null;
  target?: number | null;
  stretch?: number | null;
  from: string;
};

const FIELDS = ['subject', 'baseline', 'target', 'stretch', 'from'];

type SetGoalProps = {
  indicator: IndicatorWithGoals;
  /** Told of the day from which the goal is to hold. */
  fromChosen: (day: string) => void;
};

/** HR partners set the goals of people of their departments, administrators those of everybody too. */
function SetGoal({ indicator, fromChosen }: SetGoalProps) {
  const { t } = useTranslation('setup');
  const { administrator, company } = useSession();
  const client = useQueryClient();
  const [form] = Form.useForm<Draft>();
  const [empty, setEmpty] = useState(false);
  const setting = useMutation({
    mutationFn: ({ subject, baseline, target, stretch, from }: Draft) => {
      const goal: GoalSetting = {
        from,
        ...(subject !== undefined && { subject }),
        ...(baseline != null && { baseline }),
        ...(target != null && { target }),
        ...(stretch != null && { stretch }),
      };
      return setGoal(indicator.id, goal);
    },
    onSuccess: async () => {
      // The day stays, so that the goal that was set is seen among those of that day.
      form.resetFields(['subject', 'baseline', 'target', 'stretch']);
      await client.invalidateQueries({ queryKey: ['indicators'] });
    },
  });
  useFlaws(form, setting.error, FIELDS);
  const personal = indicator.subject_kind === 'employee';
  if (!administrator && !personal) {
    return null;
  }
  return (
    <Form<Draft>
      form={form}
      layout="vertical"
      requiredMark={false}
      className={styles.card ?? ''}
      initialValues={{ from: company.today }}
      onValuesChange={({ from }) => {
        if (from !== undefined) {
          fromChosen(from);
        }
      }}
      onFinish={(values) => {
        const given = [values.baseline, values.target, values.stretch].some((value) => value != null);
        setEmpty(!given);
        if (given) {
          setting.mutate(values);
        }
      }}
    >
      <h3>{t('goals.set')}</h3>
      {personal && (
        <Form.Item
          name="subject"
          label={t('goals.subject')}
          extra={administrator ? t('goals.subjectHint') : undefined}
          rules={[{ required: !administrator, message: t('goals.subjectNeeded') }]}
        >
          <PersonPicker />
        </Form.Item>
      )}
      <Form.Item name="baseline" label={t('goals.baseline')}>
        <InputNumber className={styles.number ?? ''} suffix={indicator.unit} />
      </Form.Item>
      <Form.Item name="target" label={t('goals.target')}>
        <InputNumber className={styles.number ?? ''} suffix={indicator.unit} />
      </Form.Item>
      <Form.Item name="stretch" label={t('goals.stretch')}>
        <InputNumber className={styles.number ?? ''} suffix={indicator.unit} />
      </Form.Item>
      <Form.Item
        name="from"
        label={t('scorecards.from')}
        rules={[{ required: true, message: t('people.fromNeeded') }]}
      >
        <Input type="date" className={styles.form ?? ''} />
      </Form.Item>
      {empty && <p role="alert">{t('goals.empty')}</p>}
      {setting.error !== null && <ProblemNotice problem={setting.error} />}
      {setting.isSuccess && <Success>{t('goals.done')}</Success>}
      <div className={styles.actions}>
        <ActionButton htmlType="submit" type="primary" isBusy={setting.isPending}>
          {t('goals.set')}
        </ActionButton>
      </div>
    </Form>
  );
}
