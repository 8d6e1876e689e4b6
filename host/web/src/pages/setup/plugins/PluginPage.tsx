/** One plugin: its versions with their digests, who uses it where, and what it may read there, in words. */
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { departmentsQuery } from '../../../api/departments.ts';
import { pluginQuery, type PluginInFull, type PluginUse } from '../../../api/plugins.ts';
import { Loading } from '../../../app/Loading.tsx';
import { useTitle } from '../../../app/useTitle.ts';
import { useFormats } from '../../../language/formats.ts';
import { ProblemNotice } from '../../../parts/ProblemNotice.tsx';
import { PageHead } from '../PageHead.tsx';
import { Requirements } from '../Requirements.tsx';
import styles from '../SetUp.module.css';
import { shortDigest } from './digest.ts';

const KILOBYTE = 1_024;

export function PluginPage() {
  const { plugin: name } = useParams({ from: '/signed-in/set-up/setup/plugins/$plugin' });
  const plugin = useQuery(pluginQuery(name));
  if (plugin.data === undefined) {
    return plugin.error ? (
      <ProblemNotice problem={plugin.error} retry={() => void plugin.refetch()} />
    ) : (
      <Loading />
    );
  }
  return <Whole plugin={plugin.data} />;
}

function Whole({ plugin }: { plugin: PluginInFull }) {
  const { t } = useTranslation('setup');
  const formats = useFormats();
  const title = formats.text(plugin.title);
  useTitle(title);
  const versionOf = (component: string) =>
    plugin.versions.find((version) => version.component === component)?.version ?? shortDigest(component);
  const used = plugin.pins.filter(({ in_use }) => in_use);
  return (
    <>
      <PageHead title={title} lead={formats.text(plugin.summary)} />
      <section className={styles.section} aria-labelledby="versions">
        <h2 id="versions">{t('plugins.versions')}</h2>
        <ul className={styles.list}>
          {plugin.versions.map(({ component, version, installed_at, size_bytes, interfaces }) => (
            <li key={component} className={styles.row}>
              <span>
                <span className={styles.name}>{version}</span>{' '}
                {used.some((pin) => pin.component === component) && (
                  <span className={styles.sign}>{t('plugins.inUse')}</span>
                )}
              </span>
              <span className={styles.code} title={component}>
                {component}
              </span>
              <span className={styles.quiet}>
                {formats.list(interfaces.map(({ kind }) => t(`plugins.kind.${kind}`)))}
              </span>
              <span className={styles.quiet}>
                {t('plugins.size', {
                  day: formats.moment(installed_at),
                  size: formats.number(Math.ceil(size_bytes / KILOBYTE)),
                })}
              </span>
            </li>
          ))}
        </ul>
      </section>
      <section className={styles.section} aria-labelledby="uses">
        <h2 id="uses">{t('plugins.uses')}</h2>
        {plugin.uses.length === 0 ? (
          <p className={styles.quiet}>{t('plugins.noUses')}</p>
        ) : (
          <ul className={styles.columns}>
            {plugin.uses.map((use) => (
              <li
                key={`${use.kind} ${use.id} ${use.department ?? ''} ${use.component}`}
                className={styles.card}
              >
                <Use use={use} version={versionOf(use.component)} />
              </li>
            ))}
          </ul>
        )}
      </section>
    </>
  );
}

function Use({ use, version }: { use: PluginUse; version: string }) {
  const { t } = useTranslation('setup');
  const departments = useQuery(departmentsQuery);
  const department = departments.data?.find(({ id }) => id === use.department);
  const where =
    use.department == null
      ? t('plugins.wholeCompany')
      : t('plugins.inDepartment', { name: department?.name ?? use.department });
  return (
    <>
      <div>
        <h3>{t('plugins.use', { kind: t(`plugins.kind.${use.kind}`), id: use.id })}</h3>
        <p className={styles.quiet}>{t('plugins.useWhere', { where, version })}</p>
      </div>
      <Requirements requirements={use.requirements} />
    </>
  );
}
