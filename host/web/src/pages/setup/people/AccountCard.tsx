import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Input, Popconfirm } from 'antd';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import {
  accountQuery,
  disableAccount,
  enableAccount,
  invitePerson,
  resetAccount,
  type Account,
  type LinkMade,
  type Person,
} from '../../../api/people.ts';
import { Loading } from '../../../app/Loading.tsx';
import { useFormats } from '../../../language/formats.ts';
import { ActionButton } from '../../../parts/ActionButton.tsx';
import { ProblemNotice } from '../../../parts/ProblemNotice.tsx';
import { Secret } from '../Secret.tsx';
import styles from '../SetUp.module.css';

const LOGIN_MAX = 128;

/** Whether somebody may sign in, and the one-time link with which they choose a password. It is shown once. */
export function AccountCard({ person }: { person: Person }) {
  const { t } = useTranslation('setup');
  const account = useQuery(accountQuery(person.id));
  return (
    <section className={styles.card} aria-labelledby="account">
      <h3 id="account">{t('account.title')}</h3>
      {account.data === undefined ? (
        account.error ? (
          <ProblemNotice problem={account.error} retry={() => void account.refetch()} />
        ) : (
          <Loading />
        )
      ) : (
        <Known person={person} account={account.data} />
      )}
    </section>
  );
}

function Known({ person, account }: { person: Person; account: Account | null }) {
  const { t } = useTranslation('setup');
  const formats = useFormats();
  const client = useQueryClient();
  const [login, setLogin] = useState(account?.login ?? person.id);
  const [link, setLink] = useState<LinkMade>();
  const field = useId();
  const again = () => client.invalidateQueries({ queryKey: ['people', 'accounts'] });
  const linking = useMutation({
    mutationFn: () =>
      account === null || account.state === 'invited'
        ? invitePerson(person.id, login.trim())
        : resetAccount(person.id),
    onSuccess: async (link) => {
      setLink(link);
      await again();
    },
  });
  const switching = useMutation({
    mutationFn: (on: boolean) => (on ? enableAccount(person.id) : disableAccount(person.id)),
    onSuccess: again,
  });
  const isNew = account === null || account.state === 'invited';
  return (
    <>
      <p className={styles.quiet}>
        {account === null ? t('account.none') : t(`account.state.${account.state}`, { login: account.login })}
      </p>
      {link && (
        <Secret
          value={`${window.location.origin}${link.path}`}
          done={() => {
            setLink(undefined);
          }}
        >
          {t('account.link', { name: person.name, moment: formats.moment(link.expires_at) })}
        </Secret>
      )}
      {isNew && person.employed && (
        <>
          <label htmlFor={field}>{t('account.login')}</label>
          <Input
            id={field}
            value={login}
            maxLength={LOGIN_MAX}
            spellCheck={false}
            autoCapitalize="none"
            onChange={(event) => {
              setLogin(event.target.value);
            }}
          />
        </>
      )}
      {linking.error !== null && <ProblemNotice problem={linking.error} />}
      {switching.error !== null && <ProblemNotice problem={switching.error} />}
      <div className={styles.actions}>
        {person.employed && account?.state !== 'disabled' && (
          <ActionButton
            type={isNew ? 'primary' : 'default'}
            disabled={login.trim() === ''}
            isBusy={linking.isPending}
            onClick={() => {
              linking.mutate();
            }}
          >
            {account === null
              ? t('account.invite')
              : account.state === 'invited'
                ? t('account.inviteAgain')
                : t('account.reset')}
          </ActionButton>
        )}
        {account?.state === 'active' && (
          <Popconfirm
            title={t('account.disableAsk', { name: person.name })}
            description={t('account.disableText')}
            okText={t('account.disable')}
            cancelText={t('cancel')}
            onConfirm={() => {
              switching.mutate(false);
            }}
          >
            <ActionButton isBusy={switching.isPending}>{t('account.disable')}</ActionButton>
          </Popconfirm>
        )}
        {account?.state === 'disabled' && (
          <ActionButton
            isBusy={switching.isPending}
            onClick={() => {
              switching.mutate(true);
            }}
          >
            {t('account.enable')}
          </ActionButton>
        )}
      </div>
    </>
  );
}
