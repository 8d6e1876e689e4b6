import { LogoutOutlined, UserOutlined } from '@ant-design/icons';
import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Button, Popover } from 'antd';
import { useTranslation } from 'react-i18next';
import { signOut, type Session } from '../api/session.ts';
import { ActionButton } from '../parts/ActionButton.tsx';
import { ProblemNotice } from '../parts/ProblemNotice.tsx';
import styles from './Account.module.css';

/** Who is signed in, and the way out. */
export function Account({ session }: { session: Session }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const leave = useMutation({
    mutationFn: signOut,
    onSuccess: () => navigate({ to: '/sign-in' }),
  });
  const card = (
    <div className={styles.card}>
      <p className={styles.name}>{session.name}</p>
      <p className={styles.detail}>{session.company.name}</p>
      <p className={styles.detail}>{session.login}</p>
      {leave.error !== null && <ProblemNotice problem={leave.error} />}
      <ActionButton
        block
        icon={<LogoutOutlined />}
        isBusy={leave.isPending}
        onClick={() => {
          leave.mutate();
        }}
      >
        {t('signOut')}
      </ActionButton>
    </div>
  );
  return (
    <Popover content={card} trigger="click" placement="bottomRight" arrow={false}>
      <Button type="text" icon={<UserOutlined />} aria-label={t('account')} />
    </Popover>
  );
}
