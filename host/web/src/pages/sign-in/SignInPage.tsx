import { useMutation, useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Form, Input } from 'antd';
import { useTranslation } from 'react-i18next';
import { Problem } from '../../api/problem.ts';
import { signIn, type Credentials } from '../../api/session.ts';
import { waysQuery } from '../../api/ways.ts';
import { useTitle } from '../../app/useTitle.ts';
import { ActionButton } from '../../parts/ActionButton.tsx';
import { ProblemNotice } from '../../parts/ProblemNotice.tsx';
import { DemoPeople } from './DemoPeople.tsx';
import { Entrance } from './Entrance.tsx';
import styles from './SignInPage.module.css';

/** Longest login and password that the host takes, in characters. */
const LOGIN_MAX = 128;
const PASSWORD_MAX = 512;

export function SignInPage() {
  const { t } = useTranslation('signIn');
  useTitle(t('submit'));
  const ways = useQuery(waysQuery);
  const demo = ways.data?.demo ?? [];
  const enter = useEntering();
  return (
    <Entrance title={t('title')} lead={t('lead')}>
      {demo.length > 0 && <DemoPeople people={demo} entered={enter} />}
      <PasswordForm entered={enter} />
    </Entrance>
  );
}

/** Goes to where somebody wanted to go before they had to sign in. */
function useEntering() {
  const navigate = useNavigate();
  const { next } = useSearch({ from: '/sign-in' });
  return () => navigate({ to: '/', ...(next !== undefined && { href: next }) });
}

function PasswordForm({ entered }: { entered: () => Promise<void> }) {
  const { t } = useTranslation('signIn');
  const attempt = useMutation({ mutationFn: signIn, onSuccess: entered });
  const refused = attempt.error instanceof Problem && attempt.error.word === 'sign-in-needed';
  // Which company is meant is asked only where the host cannot know it.
  const several = attempt.error instanceof Problem && attempt.error.word === 'refused';
  return (
    <Form<Credentials>
      layout="vertical"
      requiredMark={false}
      className={styles.form ?? ''}
      onFinish={({ company, ...credentials }) => {
        attempt.mutate(company ? { ...credentials, company } : credentials);
      }}
    >
      <Form.Item name="login" label={t('login')} rules={[{ required: true, message: t('loginNeeded') }]}>
        <Input autoComplete="username" autoCapitalize="none" spellCheck={false} maxLength={LOGIN_MAX} />
      </Form.Item>
      <Form.Item
        name="password"
        label={t('password')}
        rules={[{ required: true, message: t('passwordNeeded') }]}
      >
        <Input.Password autoComplete="current-password" maxLength={PASSWORD_MAX} />
      </Form.Item>
      {several && (
        <Form.Item name="company" label={t('company')} extra={t('companyHint')}>
          <Input autoComplete="organization" autoCapitalize="none" spellCheck={false} maxLength={64} />
        </Form.Item>
      )}
      {refused && (
        <p role="alert" className={styles.refused}>
          {t('refused')}
        </p>
      )}
      {attempt.error !== null && !refused && <ProblemNotice problem={attempt.error} />}
      <ActionButton type="primary" htmlType="submit" block size="large" isBusy={attempt.isPending}>
        {t('submit')}
      </ActionButton>
    </Form>
  );
}
