/** The installed plugins, how to install another one, and how they failed. */
import { UploadOutlined } from '@ant-design/icons';
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Upload } from 'antd';
import { useTranslation } from 'react-i18next';
import { faultsQuery, installPlugin, pluginsQuery, type Plugin } from '../../../api/plugins.ts';
import { Loading } from '../../../app/Loading.tsx';
import { useSession } from '../../../app/session.ts';
import { useTitle } from '../../../app/useTitle.ts';
import { useFormats } from '../../../language/formats.ts';
import { ActionButton } from '../../../parts/ActionButton.tsx';
import { EmptyState } from '../../../parts/EmptyState.tsx';
import { ProblemNotice } from '../../../parts/ProblemNotice.tsx';
import { More } from '../More.tsx';
import { PageHead } from '../PageHead.tsx';
import styles from '../SetUp.module.css';
import { Success } from '../Success.tsx';

export function PluginsPage() {
  const { t } = useTranslation('setup');
  useTitle(t('part.plugins.title'));
  const { administrator } = useSession();
  const plugins = useQuery(pluginsQuery);
  return (
    <>
      <PageHead title={t('part.plugins.title')} lead={t('plugins.lead')} />
      {administrator && <Installing />}
      {plugins.data === undefined ? (
        plugins.error ? (
          <ProblemNotice problem={plugins.error} retry={() => void plugins.refetch()} />
        ) : (
          <Loading />
        )
      ) : plugins.data.length === 0 ? (
        <EmptyState title={t('plugins.none')}>{t('plugins.noneText')}</EmptyState>
      ) : (
        <ul className={styles.list} aria-label={t('part.plugins.title')}>
          {plugins.data.map((plugin) => (
            <li key={plugin.name}>
              <Row plugin={plugin} />
            </li>
          ))}
        </ul>
      )}
      <Faults />
    </>
  );
}

function Row({ plugin }: { plugin: Plugin }) {
  const { t } = useTranslation('setup');
  const formats = useFormats();
  const { name, title, summary, versions, pins } = plugin;
  const used = new Set(pins.filter(({ in_use }) => in_use).map(({ component }) => component));
  const inUse = versions.filter(({ component }) => used.has(component)).map(({ version }) => version);
  const kinds = [...new Set(versions.flatMap(({ interfaces }) => interfaces.map(({ kind }) => kind)))];
  return (
    <Link to="/setup/plugins/$plugin" params={{ plugin: name }} className={styles.row}>
      <span>
        <span className={styles.name}>{formats.text(title)}</span> <span className={styles.code}>{name}</span>
      </span>
      <span className={styles.quiet}>{formats.text(summary)}</span>
      <span className={styles.quiet}>{formats.list(kinds.map((kind) => t(`plugins.kind.${kind}`)))}</span>
      <span className={styles.quiet}>
        {inUse.length === 0
          ? t('plugins.notInUse')
          : t('plugins.version', { version: formats.list([...new Set(inUse)]) })}
      </span>
    </Link>
  );
}

function Installing() {
  const { t } = useTranslation('setup');
  const formats = useFormats();
  const client = useQueryClient();
  const installing = useMutation({
    mutationFn: installPlugin,
    onSuccess: () => client.invalidateQueries({ queryKey: ['plugins'] }),
  });
  const installed = installing.data;
  const version = installed?.plugin.versions.find(({ component }) => component === installed.component);
  return (
    <div className={styles.card}>
      <p className={styles.quiet}>{t('plugins.installHint')}</p>
      <div className={styles.actions}>
        <Upload
          accept=".wasm"
          maxCount={1}
          showUploadList={false}
          fileList={[]}
          beforeUpload={(file) => {
            installing.mutate(file);
            return false;
          }}
        >
          <ActionButton icon={<UploadOutlined />} isBusy={installing.isPending}>
            {t('plugins.install')}
          </ActionButton>
        </Upload>
      </div>
      {installing.error !== null && <ProblemNotice problem={installing.error} />}
      {installed && (
        <Success>
          {t(
            installed.new
              ? installed.in_use
                ? 'plugins.installedInUse'
                : 'plugins.installed'
              : 'plugins.knownAlready',
            { name: formats.text(installed.plugin.title), version: version?.version ?? '' },
          )}
        </Success>
      )}
    </div>
  );
}

function Faults() {
  const { t } = useTranslation('setup');
  const formats = useFormats();
  const faults = useInfiniteQuery(faultsQuery);
  const items = faults.data?.pages.flatMap(({ items }) => items);
  if (items === undefined || (items.length === 0 && !faults.hasNextPage)) {
    return faults.error ? (
      <ProblemNotice problem={faults.error} retry={() => void faults.refetch()} />
    ) : items ? (
      <p className={styles.section}>{t('faults.none')}</p>
    ) : null;
  }
  return (
    <section className={styles.section} aria-labelledby="faults">
      <h2 id="faults">{t('faults.title')}</h2>
      <p className={styles.quiet}>{t('faults.lead')}</p>
      <ul className={styles.columns}>
        {items.map((fault) => (
          <li key={fault.sequence} className={styles.card}>
            <div>
              <h3>{t('faults.with', { id: fault.id, subject: fault.subject })}</h3>
              <p className={styles.quiet}>
                {formats.month(fault.period)} · {formats.moment(fault.occurred_at)}
              </p>
            </div>
            <p>
              <span className={styles.code}>{fault.code}</span> <span lang="en">{fault.detail}</span>
            </p>
          </li>
        ))}
      </ul>
      <More query={faults} />
    </section>
  );
}
