import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { components } from '../../api/daybreak.ts';
import { receiptQuery, replayScore, type Receipt } from '../../api/indicator.ts';
import { useFormats } from '../../language/formats.ts';
import { ProblemNotice } from '../../parts/ProblemNotice.tsx';
import { ReplayButton } from '../../parts/ReplayButton.tsx';
import { useGoalWords } from './useGoalWords.ts';
import styles from './IndicatorPage.module.css';

type Props = { sequence: number; goal: components['schemas']['GoalValues']; unit: string };

/** Characters of a digest that stand in a sentence; the whole stands in the details. */
const DIGEST_SHOWN = 12;

/** How a score came about, in words, and the button that computes it again. */
export function ReceiptInWords({ sequence, goal, unit }: Props) {
  const { t } = useTranslation('indicator');
  const read = useQuery(receiptQuery(sequence));
  return (
    <section className={styles.card} aria-labelledby="receipt">
      <h2 id="receipt">{t('receipt.title')}</h2>
      <p className={styles.quiet}>{t('receipt.lead')}</p>
      {read.data === undefined ? (
        read.error && <ProblemNotice problem={read.error} retry={() => void read.refetch()} />
      ) : (
        <Words receipt={read.data} goal={goal} unit={unit} />
      )}
      <ReplayButton replay={() => replayScore(sequence)} />
    </section>
  );
}

function Words({ receipt, goal, unit }: { receipt: Receipt } & Omit<Props, 'sequence'>) {
  const { t } = useTranslation('indicator');
  const formats = useFormats();
  const goalWords = useGoalWords()(goal, unit);
  const rules = rulesOf(receipt.parameters_json);
  return (
    <>
      <dl className={styles.words}>
        <div>
          <dt>{t('receipt.who')}</dt>
          <dd>
            {receipt.plugin != null
              ? t('receipt.plugin', { plugin: receipt.plugin, version: receipt.version ?? '' })
              : t('receipt.pluginUnknown')}{' '}
            <code title={receipt.component}>
              {receipt.component.replace(/^sha256:/, '').slice(0, DIGEST_SHOWN)}
            </code>
            {receipt.by_host && <p>{t('receipt.byHost')}</p>}
          </dd>
        </div>
        <div>
          <dt>{t('receipt.when')}</dt>
          <dd>
            <time dateTime={receipt.computed_at}>{formats.moment(receipt.computed_at)}</time>
          </dd>
        </div>
        <div>
          <dt>{t('receipt.read')}</dt>
          <dd>{t('receipt.facts', { count: receipt.evidence, until: formats.moment(receipt.as_of) })}</dd>
        </div>
        <div>
          <dt>{t('receipt.goal')}</dt>
          <dd>{goalWords ?? t('receipt.goalNone')}</dd>
        </div>
        <div>
          <dt>{t('receipt.rules')}</dt>
          <dd>{rules.length === 0 ? t('receipt.rulesNone') : <Rules rules={rules} />}</dd>
        </div>
        <div>
          <dt>{t('receipt.fuel')}</dt>
          <dd>{t('receipt.fuelUsed', { fuel: formats.number(receipt.fuel) })}</dd>
        </div>
      </dl>
      <details className={styles.details}>
        <summary>{t('receipt.details')}</summary>
        <dl>
          {(
            [
              [t('detail.component'), receipt.component],
              [t('detail.interface'), receipt.interface],
              [t('detail.adapter'), receipt.adapter],
              [t('detail.engine'), receipt.engine],
              [t('detail.rows'), receipt.rows],
              [t('detail.outcome'), receipt.outcome],
              [t('detail.knownTo'), receipt.known_to],
              [t('detail.batch'), receipt.batch],
              [t('detail.definition'), receipt.definition],
              [t('detail.parameters'), receipt.parameters],
              [t('detail.grant'), receipt.grant],
              [t('detail.zone'), receipt.time_zone],
            ] as const
          ).map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>
                <code>{value}</code>
              </dd>
            </div>
          ))}
        </dl>
      </details>
    </>
  );
}

/** The parameters, by name and as deep as they go. */
function Rules({ rules }: { rules: [string, unknown][] }) {
  return (
    <ul className={styles.rules}>
      {rules.map(([name, value]) => (
        <li key={name}>
          {name !== '' && `${name} `}
          {typeof value === 'object' && value !== null ? (
            <Rules rules={entriesOf(value)} />
          ) : (
            <strong>{String(value)}</strong>
          )}
        </li>
      ))}
    </ul>
  );
}

/** The entries of a list are called by their places. */
function entriesOf(value: object): [string, unknown][] {
  return Array.isArray(value)
    ? value.map((entry: unknown, index) => [String(index + 1), entry])
    : Object.entries(value);
}

/** The parameters by name; one entry with the whole text where they are no object. */
function rulesOf(json: string): [string, unknown][] {
  try {
    const parsed: unknown = JSON.parse(json);
    if (typeof parsed === 'object' && parsed !== null) {
      return entriesOf(parsed);
    }
  } catch {
    // Shown as it is.
  }
  return json === '' ? [] : [['', json]];
}
