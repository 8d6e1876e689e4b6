import { DisconnectOutlined } from '@ant-design/icons';
import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useConnection } from '../api/connection.ts';
import { useFormats } from '../language/formats.ts';
import { useNow } from '../parts/useNow.ts';
import styles from './Connection.module.css';

/** Says that there is no connection, and how old what is shown is. */
export function Connection() {
  const { t } = useTranslation();
  const isConnected = useConnection();
  const formats = useFormats();
  const now = useNow();
  const client = useQueryClient();
  const times = client
    .getQueryCache()
    .findAll({ type: 'active' })
    .map((query) => query.state.dataUpdatedAt)
    .filter((time) => time > 0);
  if (isConnected) {
    return null;
  }
  const oldest = Math.min(...times);
  return (
    <p className={styles.notice} role="status">
      <DisconnectOutlined aria-hidden />
      {times.length === 0 ? t('offlineUnknown') : t('offline', { ago: formats.ago(oldest, now) })}
    </p>
  );
}
