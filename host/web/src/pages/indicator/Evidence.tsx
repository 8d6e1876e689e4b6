import { useQuery } from '@tanstack/react-query';
import { Pagination } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { components } from '../../api/daybreak.ts';
import { evidenceQuery, type Fact } from '../../api/indicator.ts';
import { useFormats } from '../../language/formats.ts';
import { ProblemNotice } from '../../parts/ProblemNotice.tsx';
import { useFactKind } from '../../parts/useFactKind.ts';
import { useWide } from '../../parts/useWide.ts';
import styles from './IndicatorPage.module.css';

type Captured = components['schemas']['Captured'];

/** Facts on one page of the table, and of the list on a phone. */
const ROWS = 10;
const CARDS = 5;

/** Most facts that the host tells of one score. */
const FACTS_MAX = 1_000;

type Props = {
  sequence: number;
  /** How the facts were captured, where it is known without reading them. */
  captured: Captured | null | undefined;
};

/** The facts that a score rests on, each with its document in the system that it came from. */
export function Evidence({ sequence, captured }: Props) {
  const { t } = useTranslation('indicator');
  const wide = useWide();
  const [page, setPage] = useState(1);
  const read = useQuery(evidenceQuery(sequence));
  const facts = read.data;
  if (facts === undefined) {
    return (
      <section className={styles.card} aria-labelledby="evidence">
        <h2 id="evidence">{t('evidence.title')}</h2>
        {captured && <CaptureLine captured={captured} />}
        {read.error && <ProblemNotice problem={read.error} retry={() => void read.refetch()} />}
      </section>
    );
  }
  const size = wide ? ROWS : CARDS;
  const newestFirst = facts.toSorted((a, b) => b.occurred_at.localeCompare(a.occurred_at));
  const shown = newestFirst.slice((page - 1) * size, page * size);
  const counted = captured ?? (facts.length < FACTS_MAX ? countCaptures(facts) : undefined);
  return (
    <section className={styles.card} aria-labelledby="evidence">
      <div className={styles.cardHead}>
        <h2 id="evidence">{t('evidence.title')}</h2>
        <span className={styles.quiet}>{t('evidence.count', { count: facts.length })}</span>
      </div>
      {facts.length === 0 ? (
        <p className={styles.quiet}>{t('evidence.none')}</p>
      ) : (
        <>
          {counted && <CaptureLine captured={counted} />}
          {wide ? <FactTable facts={shown} /> : <FactCards facts={shown} />}
          <Pagination
            className={styles.pages ?? ''}
            current={page}
            pageSize={size}
            total={facts.length}
            showSizeChanger={false}
            showLessItems
            hideOnSinglePage
            onChange={setPage}
          />
        </>
      )}
    </section>
  );
}

function countCaptures(facts: Fact[]): Captured {
  const count = (capture: Fact['capture']) => facts.filter((fact) => fact.capture === capture).length;
  const [automatic, prefilled, typed] = [count('automatic'), count('prefilled'), count('typed')];
  const all = automatic + prefilled + typed;
  const untyped = all === 0 ? null : Math.floor(((automatic + prefilled) * 1e6) / all);
  return { automatic, prefilled, typed, untyped_share: untyped };
}

/** How much of it nobody had to type. */
function CaptureLine({ captured }: { captured: Captured }) {
  const { t } = useTranslation('indicator');
  const formats = useFormats();
  const { automatic, prefilled, typed, untyped_share: share } = captured;
  const all = automatic + prefilled + typed;
  if (share == null || all === 0) {
    return null;
  }
  const width = (count: number) => ({ width: `${(100 * count) / all}%` });
  return (
    <div className={styles.capture}>
      <p>{t('capture.share', { share: formats.share(share) })}</p>
      <div className={styles.captureBar} aria-hidden="true">
        <span data-capture="automatic" style={width(automatic)} />
        <span data-capture="prefilled" style={width(prefilled)} />
        <span data-capture="typed" style={width(typed)} />
      </div>
      <p className={styles.quiet}>{t('capture.counts', { automatic, prefilled, typed })}</p>
    </div>
  );
}

function FactTable({ facts }: { facts: Fact[] }) {
  const { t } = useTranslation('indicator');
  const formats = useFormats();
  const kindOf = useFactKind();
  return (
    <table className={styles.facts}>
      <thead>
        <tr>
          <th scope="col">{t('evidence.when')}</th>
          <th scope="col">{t('evidence.kind')}</th>
          <th scope="col">{t('evidence.document')}</th>
          <th scope="col">{t('evidence.customer')}</th>
          <th scope="col">{t('evidence.value')}</th>
          <th scope="col">{t('evidence.capture')}</th>
        </tr>
      </thead>
      <tbody>
        {facts.map((fact) => (
          <tr key={fact.sequence}>
            <td>
              <time dateTime={fact.occurred_at}>{formats.moment(fact.occurred_at)}</time>
            </td>
            <td>{kindOf(fact.kind)}</td>
            <td>
              <Document fact={fact} />
            </td>
            <td>{fact.customer ?? t('noneShort')}</td>
            <td>{fact.value == null ? t('noneShort') : formats.number(fact.value)}</td>
            <td>{t(`capture.${fact.capture}`)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function FactCards({ facts }: { facts: Fact[] }) {
  const { t } = useTranslation('indicator');
  const formats = useFormats();
  const kindOf = useFactKind();
  return (
    <ul className={styles.factCards}>
      {facts.map((fact) => (
        <li key={fact.sequence}>
          <p className={styles.factHead}>
            <strong>{kindOf(fact.kind)}</strong>
            {fact.value != null && <strong>{formats.number(fact.value)}</strong>}
          </p>
          <Document fact={fact} />
          <p className={styles.quiet}>
            <time dateTime={fact.occurred_at}>{formats.moment(fact.occurred_at)}</time>
            {fact.customer != null && <span>{fact.customer}</span>}
            <span>{t(`capture.${fact.capture}`)}</span>
          </p>
        </li>
      ))}
    </ul>
  );
}

/** Where one finds it in the system that it came from. */
function Document({ fact }: { fact: Fact }) {
  const { t } = useTranslation('indicator');
  return (
    <span className={styles.document}>
      <span>{fact.document ?? fact.external_id}</span>
      <span className={styles.quiet}>{t('evidence.source', { source: fact.source })}</span>
    </span>
  );
}
