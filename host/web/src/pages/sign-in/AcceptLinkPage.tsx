import { useMutation, useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { Form, Input } from 'antd';
import { useTranslation } from 'react-i18next';
import { Problem } from '../../api/problem.ts';
import { acceptLink, linkQuery } from '../../api/session.ts';
import { Loading } from '../../app/Loading.tsx';
import { useTitle } from '../../app/useTitle.ts';
import { ActionButton } from '../../parts/ActionButton.tsx';
import { ProblemNotice } from '../../parts/ProblemNotice.tsx';
import { Entrance } from './Entrance.tsx';

/** What the host takes as a password, in characters. */
const PASSWORD_MIN = 10;
const PASSWORD_MAX = 128;

type Entered = { password: string; repeat: string };

/** Whoever opens a one-time link chooses their password here, and is signed in. */
export function AcceptLinkPage() {
  const { t } = useTranslation('signIn');
  const { secret } = useParams({ from: '/accept/$secret' });
  const navigate = useNavigate();
  const link = useQuery(linkQuery(secret));
  const attempt = useMutation({
    mutationFn: ({ password }: Entered) => acceptLink(secret, password),
    onSuccess: () => navigate({ to: '/', replace: true }),
  });
  const gone = [link.error, attempt.error].some(
    (error) => error instanceof Problem && error.word === 'not-found',
  );
  useTitle(gone ? t('link.gone') : t('link.title'));
  if (link.isPending) {
    return <Loading />;
  }
  if (gone) {
    return (
      <Entrance title={t('link.gone')} lead={t('link.goneText')}>
        <Link to="/sign-in">{t('submit')}</Link>
      </Entrance>
    );
  }
  if (link.isError) {
    return (
      <Entrance title={t('link.title')}>
        <ProblemNotice problem={link.error} retry={() => void link.refetch()} />
      </Entrance>
    );
  }
  const { login, purpose } = link.data;
  return (
    <Entrance
      title={t('link.title')}
      lead={purpose === 'reset' ? t('link.reset', { login }) : t('link.invite', { login })}
    >
      <Form<Entered>
        layout="vertical"
        requiredMark={false}
        onFinish={(entered) => {
          attempt.mutate(entered);
        }}
      >
        {/* For password keepers, which note the login with the password. */}
        <input type="text" name="username" autoComplete="username" value={login} readOnly hidden />
        <Form.Item
          name="password"
          label={t('link.password')}
          extra={t('link.hint')}
          rules={[{ required: true, min: PASSWORD_MIN, message: t('link.short') }]}
        >
          <Input.Password autoComplete="new-password" maxLength={PASSWORD_MAX} />
        </Form.Item>
        <Form.Item
          name="repeat"
          label={t('link.repeat')}
          dependencies={['password']}
          rules={[
            ({ getFieldValue }) => ({
              validator: (_, repeat) =>
                repeat === getFieldValue('password')
                  ? Promise.resolve()
                  : Promise.reject(new Error(t('link.different'))),
            }),
          ]}
        >
          <Input.Password autoComplete="new-password" maxLength={PASSWORD_MAX} />
        </Form.Item>
        {attempt.error !== null && <ProblemNotice problem={attempt.error} />}
        <ActionButton type="primary" htmlType="submit" block size="large" isBusy={attempt.isPending}>
          {t('link.submit')}
        </ActionButton>
      </Form>
    </Entrance>
  );
}
