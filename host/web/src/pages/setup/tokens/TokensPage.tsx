/** With what other systems call the host: made, shown once, listed with when they were last used, and revoked. */
import { PlusOutlined } from '@ant-design/icons';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Checkbox, Form, Input, Popconfirm } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import {
  createToken,
  revokeToken,
  SCOPES,
  tokensQuery,
  type Scope,
  type Token,
  type TokenMade,
} from '../../../api/tokens.ts';
import { Loading } from '../../../app/Loading.tsx';
import { useCompanyNow } from '../../../app/company.ts';
import { useSession } from '../../../app/session.ts';
import { useTitle } from '../../../app/useTitle.ts';
import { dayAfter, endOfDay } from '../../../language/days.ts';
import { useFormats } from '../../../language/formats.ts';
import { ActionButton } from '../../../parts/ActionButton.tsx';
import { EmptyState } from '../../../parts/EmptyState.tsx';
import { ProblemNotice } from '../../../parts/ProblemNotice.tsx';
import { useDraft } from '../../../parts/useDraft.ts';
import { PageHead } from '../PageHead.tsx';
import { Secret } from '../Secret.tsx';
import styles from '../SetUp.module.css';
import { useFlaws } from '../useFlaws.ts';

const NAME_MAX = 80;

/** How long a token lives that nobody thought about, in days. */
const LIFE = 90;

export function TokensPage() {
  const { t } = useTranslation('setup');
  useTitle(t('part.tokens.title'));
  const tokens = useQuery(tokensQuery);
  const [making, setMaking] = useState(false);
  const [made, setMade] = useState<TokenMade>();
  const now = useCompanyNow();
  const isUsable = (token: Token) => token.revoked_at == null && Date.parse(token.expires_at) > now;
  const usable = tokens.data?.filter(isUsable) ?? [];
  const ended = tokens.data?.filter((token) => !isUsable(token)) ?? [];
  return (
    <>
      <PageHead
        title={t('part.tokens.title')}
        lead={t('tokens.lead')}
        action={
          !making && (
            <Button
              type="primary"
              icon={<PlusOutlined />}
              onClick={() => {
                setMade(undefined);
                setMaking(true);
              }}
            >
              {t('tokens.make')}
            </Button>
          )
        }
      />
      {making && (
        <MakeToken
          made={(token) => {
            setMaking(false);
            setMade(token);
          }}
          cancelled={() => {
            setMaking(false);
          }}
        />
      )}
      {made && (
        <Secret
          value={made.secret}
          done={() => {
            setMade(undefined);
          }}
        >
          {t('tokens.made', { name: made.name })}
        </Secret>
      )}
      {tokens.data === undefined ? (
        tokens.error ? (
          <ProblemNotice problem={tokens.error} retry={() => void tokens.refetch()} />
        ) : (
          <Loading />
        )
      ) : usable.length === 0 ? (
        !making && <EmptyState title={t('tokens.none')}>{t('tokens.noneText')}</EmptyState>
      ) : (
        <section className={styles.section} aria-label={t('tokens.usable')}>
          <ul className={styles.columns}>
            {usable.map((token) => (
              <li key={token.id} className={styles.card}>
                <TokenCard token={token} revocable />
              </li>
            ))}
          </ul>
        </section>
      )}
      {ended.length > 0 && (
        <section className={styles.section} aria-labelledby="ended">
          <h2 id="ended">{t('tokens.ended')}</h2>
          <ul className={styles.columns}>
            {ended.map((token) => (
              <li key={token.id} className={styles.card}>
                <TokenCard token={token} revocable={false} />
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}

function TokenCard({ token, revocable }: { token: Token; revocable: boolean }) {
  const { t } = useTranslation('setup');
  const formats = useFormats();
  const client = useQueryClient();
  const revoking = useMutation({
    mutationFn: () => revokeToken(token.id),
    onSettled: () => client.invalidateQueries({ queryKey: tokensQuery.queryKey }),
  });
  return (
    <>
      <div>
        <h3>{token.name}</h3>
        <p className={styles.quiet}>
          {token.revoked_at == null
            ? t('tokens.until', { moment: formats.moment(token.expires_at) })
            : t('tokens.revokedAt', { moment: formats.moment(token.revoked_at) })}
        </p>
        <p className={styles.quiet}>
          {token.last_used_at == null
            ? t('tokens.neverUsed')
            : t('tokens.lastUsed', { moment: formats.moment(token.last_used_at) })}
        </p>
      </div>
      <ul className={styles.signs}>
        {token.scopes.map((scope) => (
          <li key={scope} className={styles.sign}>
            {t(`tokens.scope.${scope.replace(':', '-') as ScopeKey}`)}
          </li>
        ))}
      </ul>
      {revoking.error !== null && <ProblemNotice problem={revoking.error} />}
      {revocable && (
        <div className={styles.actions}>
          <Popconfirm
            title={t('tokens.revokeAsk', { name: token.name })}
            description={t('tokens.revokeText')}
            okText={t('tokens.revoke')}
            cancelText={t('cancel')}
            onConfirm={() => {
              revoking.mutate();
            }}
          >
            <ActionButton isBusy={revoking.isPending}>{t('tokens.revoke')}</ActionButton>
          </Popconfirm>
        </div>
      )}
    </>
  );
}

/** Keys of texts hold no colon: it parts the file from the key. */
type Dashed<T> = T extends `${infer What}:${infer How}` ? `${What}-${How}` : never;
type ScopeKey = Dashed<Scope>;

type Draft = { name: string; scopes: Scope[]; until: string };

const FIELDS = ['name', 'scopes', 'until', 'expires_at'];

function MakeToken({ made, cancelled }: { made: (token: TokenMade) => void; cancelled: () => void }) {
  const { t } = useTranslation('setup');
  const { company } = useSession();
  const client = useQueryClient();
  const [form] = Form.useForm<Draft>();
  const draft = useDraft<Partial<Draft> | null>('token', null);
  const until = dayAfter(company.today, LIFE);
  const making = useMutation({
    mutationFn: ({ name, scopes, until }: Draft) =>
      createToken({ name, scopes, expires_at: endOfDay(until, company.time_zone).toISOString() }),
    onSuccess: async (token) => {
      draft.done();
      made(token);
      await client.invalidateQueries({ queryKey: tokensQuery.queryKey });
    },
  });
  useFlaws(form, making.error, FIELDS);
  return (
    <Form<Draft>
      form={form}
      layout="vertical"
      requiredMark={false}
      className={styles.card ?? ''}
      initialValues={{ scopes: [], until, ...draft.value }}
      onValuesChange={(_, all) => {
        draft.keep(all);
      }}
      onFinish={(values) => {
        making.mutate(values);
      }}
    >
      <Form.Item
        name="name"
        label={t('tokens.name')}
        extra={t('tokens.nameHint')}
        rules={[{ required: true, whitespace: true, message: t('tokens.nameNeeded') }]}
      >
        <Input maxLength={NAME_MAX} autoFocus className={styles.form ?? ''} />
      </Form.Item>
      <Form.Item
        name="scopes"
        label={t('tokens.scopes')}
        // A group of boxes may not be called required, so the form is not told in so many words.
        rules={[
          {
            validator: (_, scopes: Scope[]) =>
              scopes.length > 0 ? Promise.resolve() : Promise.reject(new Error(t('tokens.scopesNeeded'))),
          },
        ]}
      >
        <Checkbox.Group
          options={SCOPES.map((scope) => ({
            value: scope,
            label: t(`tokens.scope.${scope.replace(':', '-') as ScopeKey}`),
          }))}
        />
      </Form.Item>
      <Form.Item
        name="until"
        label={t('tokens.ends')}
        rules={[{ required: true, message: t('tokens.endsNeeded') }]}
      >
        <Input type="date" min={company.today} className={styles.form ?? ''} />
      </Form.Item>
      {making.error !== null && <ProblemNotice problem={making.error} />}
      <div className={styles.actions}>
        <ActionButton type="primary" htmlType="submit" isBusy={making.isPending}>
          {t('tokens.make')}
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
