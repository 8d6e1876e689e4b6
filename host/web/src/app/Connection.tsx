import { DisconnectOutlined } from '@ant-design/icons';
import { notifyManager, useQueryClient, type Query, type QueryCache } from '@tanstack/react-query';
import { useCallback, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { useConnection } from '../api/connection.ts';
import { isFinal } from '../api/kept.ts';
import { useFormats } from '../language/formats.ts';
import { ActionButton } from '../parts/ActionButton.tsx';
import { useNow } from '../parts/useNow.ts';
import styles from './Connection.module.css';

/** Says that there is no connection, or that what is shown could not be read again, and how old it is. */
export function Connection() {
  const { t } = useTranslation();
  const isConnected = useConnection();
  const formats = useFormats();
  const now = useNow();
  const client = useQueryClient();
  const { fails, isReading, oldest } = useShown(client.getQueryCache());
  if (isConnected && !fails) {
    return null;
  }
  const ago = oldest === undefined ? undefined : formats.ago(oldest, now);
  const said = isConnected
    ? t('notRefreshed', { ago: ago ?? '' })
    : ago === undefined
      ? t('offlineUnknown')
      : t('offline', { ago });
  return (
    <div className={styles.notice}>
      <p role="status">
        <DisconnectOutlined aria-hidden /> {said}
      </p>
      <ActionButton
        size="small"
        isBusy={isReading}
        onClick={() => void client.refetchQueries({ type: 'active', predicate: canAge })}
      >
        {t('tryAgain')}
      </ActionButton>
    </div>
  );
}

/** Whether it can be out of date: what never changes is as good as on the day when it was read. */
function canAge(query: Query) {
  return query.observers.some(
    ({ options: { staleTime } }) => staleTime !== Infinity && staleTime !== 'static',
  );
}

type Shown = {
  /** Something could not be read again. */
  fails: boolean;
  isReading: boolean;
  /** When the oldest of it was read. */
  oldest: number | undefined;
};

/** What is to be said of everything that the page shows. */
function useShown(cache: QueryCache): Shown {
  const listen = useCallback(
    (changed: () => void) => cache.subscribe(notifyManager.batchCalls(changed)),
    [cache],
  );
  const told = useSyncExternalStore(listen, () => JSON.stringify(shownOf(cache)));
  return JSON.parse(told) as Shown;
}

function shownOf(cache: QueryCache): Shown {
  const known = cache
    .findAll({ type: 'active', predicate: canAge })
    .filter(({ state }) => state.data !== undefined);
  const failing = known.filter(({ state }) => state.status === 'error' && !isFinal(state.error));
  return {
    fails: failing.length > 0,
    isReading: known.some(({ state }) => state.fetchStatus === 'fetching'),
    oldest: known.length === 0 ? undefined : Math.min(...known.map(({ state }) => state.dataUpdatedAt)),
  };
}
