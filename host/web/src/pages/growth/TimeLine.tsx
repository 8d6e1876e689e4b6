import {
  CheckCircleOutlined,
  HeartOutlined,
  LineChartOutlined,
  SendOutlined,
  TeamOutlined,
  ThunderboltOutlined,
} from '@ant-design/icons';
import { Link } from '@tanstack/react-router';
import { Button } from 'antd';
import { useState, type ComponentType, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { GrowthMonth, Recognised } from '../../api/growth.ts';
import { useFormats } from '../../language/formats.ts';
import { ActionButton } from '../../parts/ActionButton.tsx';
import { ProblemNotice } from '../../parts/ProblemNotice.tsx';
import type { Merged } from './merged.ts';
import styles from './GrowthPage.module.css';

const KINDS = ['scores', 'feedback', 'contributions', 'tasks', 'crises'] as const;

type Kind = (typeof KINDS)[number];

const KIND_OF: Record<Recognised['type'], Kind> = {
  'feedback-received': 'feedback',
  'feedback-given': 'feedback',
  contribution: 'contributions',
  'task-done': 'tasks',
};

const SIGNS: Record<Recognised['type'] | 'crisis', ComponentType> = {
  'feedback-received': HeartOutlined,
  'feedback-given': SendOutlined,
  contribution: TeamOutlined,
  'task-done': CheckCircleOutlined,
  crisis: ThunderboltOutlined,
};

/** Months that are shown at first, and more with each tap. */
const MONTHS_AT_ONCE = 3;

/** Events of one month that are shown before somebody asks for all. */
const EVENTS_AT_ONCE = 6;

type Props = {
  map: Merged;
  person: string;
  older: (() => void) | undefined;
  reading: boolean;
  /** Why what is older could not be read. */
  failed: unknown;
  /** Called when somebody opens the composite of a month. */
  opened: () => void;
};

/** One line from now to then. */
export function TimeLine({ map, person, older, reading, failed, opened }: Props) {
  const { t } = useTranslation('growth');
  const formats = useFormats();
  const [count, setCount] = useState(MONTHS_AT_ONCE);
  const [hidden, setHidden] = useState<ReadonlySet<Kind>>(new Set());
  const shown = map.months.slice(0, count);
  /** Of this month and those before it, not all events have been read. */
  const unread = map.readFrom === undefined ? undefined : formats.monthOf(map.readFrom);
  const next = map.months.slice(0, count + MONTHS_AT_ONCE);
  const needsOlder = next.length < count + MONTHS_AT_ONCE || next.some((month) => isUnread(month, unread));
  const more =
    older === undefined && count >= map.months.length
      ? undefined
      : () => {
          if (needsOlder) {
            older?.();
          }
          setCount(count + MONTHS_AT_ONCE);
        };
  const toggle = (kind: Kind) => {
    const next = new Set(hidden);
    if (!next.delete(kind)) {
      next.add(kind);
    }
    setHidden(next);
  };
  return (
    <section className={styles.card} aria-labelledby="time-line">
      <h2 id="time-line">{t('timeLine')}</h2>
      <div className={styles.filter} role="group" aria-label={t('filter')}>
        {KINDS.map((kind) => (
          <button
            key={kind}
            type="button"
            aria-pressed={!hidden.has(kind)}
            onClick={() => {
              toggle(kind);
            }}
          >
            {t(`kind.${kind}`)}
          </button>
        ))}
      </div>
      <ol className={styles.line}>
        {shown.map((month) => (
          <li key={month.month}>
            <Month
              month={month}
              map={map}
              person={person}
              hidden={hidden}
              isUnread={isUnread(month, unread)}
              opened={opened}
            />
          </li>
        ))}
      </ol>
      {failed !== undefined && <ProblemNotice problem={failed} {...(older && { retry: older })} />}
      {failed === undefined && more !== undefined && (
        <ActionButton isBusy={reading} onClick={more} className={styles.older ?? ''}>
          {t('older')}
        </ActionButton>
      )}
    </section>
  );
}

const isUnread = ({ month }: GrowthMonth, unread: string | undefined) =>
  unread !== undefined && month <= unread;

type MonthProps = {
  month: GrowthMonth;
  map: Merged;
  person: string;
  hidden: ReadonlySet<Kind>;
  isUnread: boolean;
  opened: () => void;
};

function Month({ month, map, person, hidden, isUnread, opened }: MonthProps) {
  const { t } = useTranslation('growth');
  const formats = useFormats();
  const [all, setAll] = useState(false);
  const events = map.events.filter(
    (event) => formats.monthOf(event.occurred_at) === month.month && !hidden.has(KIND_OF[event.type]),
  );
  const crises = hidden.has('crises') ? [] : map.crises.filter(({ from }) => from.startsWith(month.month));
  const { composite, scores } = month;
  const showsScores = !hidden.has('scores');
  const listed = all ? events : events.slice(0, EVENTS_AT_ONCE);
  const isEmpty =
    events.length === 0 && crises.length === 0 && (!showsScores || (!composite && scores.length === 0));
  return (
    <>
      <h3 className={styles.monthHead}>
        <span>{formats.month(month.month)}</span>
        {showsScores && composite?.points != null && (
          <span className={styles.monthPoints}>
            {t('points', { points: formats.points(composite.points) })}
            {composite.change != null && (
              <small>{t('change', { difference: formats.difference(composite.change) })}</small>
            )}
          </span>
        )}
      </h3>
      {isEmpty && !isUnread && <p className={styles.quiet}>{t('monthEmpty')}</p>}
      <ul className={styles.events}>
        {showsScores && (composite ?? scores.length > 0) && (
          <Item sign={LineChartOutlined}>
            <Scores month={month} map={map} person={person} opened={opened} />
          </Item>
        )}
        {crises.map((crisis) => (
          <Item key={crisis.circumstance} sign={SIGNS.crisis}>
            <p>
              <strong>{t('crisis')}</strong> {crisis.reason}
            </p>
            <p className={styles.quiet}>
              {crisis.until == null
                ? t('crisisSince', { day: formats.day(crisis.from) })
                : formats.days(`${crisis.from}..${crisis.until}`)}
            </p>
          </Item>
        ))}
        {listed.map((event) => (
          <Item key={event.sequence} sign={SIGNS[event.type]}>
            <Event event={event} />
          </Item>
        ))}
      </ul>
      {events.length > listed.length && (
        <Button
          type="text"
          size="small"
          onClick={() => {
            setAll(true);
          }}
        >
          {t('moreEvents', { count: events.length - listed.length })}
        </Button>
      )}
      {isUnread && <p className={styles.quiet}>{t('monthUnread')}</p>}
    </>
  );
}

function Item({ sign: Sign, children }: { sign: ComponentType; children: ReactNode }) {
  return (
    <li className={styles.event}>
      <span className={styles.sign} aria-hidden="true">
        <Sign />
      </span>
      <div>{children}</div>
    </li>
  );
}

type ScoresProps = Pick<MonthProps, 'month' | 'map' | 'person' | 'opened'>;

function Scores({ month, map, person, opened }: ScoresProps) {
  const { t } = useTranslation('growth');
  const formats = useFormats();
  const { composite, scores } = month;
  return (
    <>
      {composite && (
        <p>
          <Link
            to="."
            search={{ month: month.month }}
            resetScroll={false}
            onClick={opened}
            className={styles.open}
          >
            {t('compositeOpen')}
          </Link>
        </p>
      )}
      {scores.length > 0 && (
        <details className={styles.fold}>
          <summary>{t('scoresOf', { count: scores.length })}</summary>
          <ul className={styles.scores}>
            {scores.map((score) => {
              const indicator = map.indicators.find(({ indicator }) => indicator === score.indicator);
              const value =
                score.points != null
                  ? formats.points(score.points)
                  : score.raw != null
                    ? formats.value(score.raw, indicator?.unit ?? '')
                    : t('noneShort');
              return (
                <li key={score.sequence}>
                  <Link
                    to="/people/$person/indicators/$indicator"
                    params={{ person, indicator: score.indicator }}
                    search={{ month: month.month }}
                  >
                    {indicator ? formats.text(indicator.title) : score.indicator}
                  </Link>
                  <span className={styles.scoreValue}>
                    <strong>{value}</strong>
                    {score.change != null && score.change !== 0 && (
                      <small>{formats.difference(score.change)}</small>
                    )}
                  </span>
                </li>
              );
            })}
          </ul>
        </details>
      )}
    </>
  );
}

const FEEDBACK_DIMENSIONS = ['customer-experience', 'process-efficiency', 'teamwork'] as const;

function isFeedbackDimension(dimension: string): dimension is (typeof FEEDBACK_DIMENSIONS)[number] {
  return FEEDBACK_DIMENSIONS.some((one) => one === dimension);
}

function Event({ event }: { event: Recognised }) {
  const { t } = useTranslation('growth');
  const formats = useFormats();
  const { fields } = event;
  // The document of a task that was done here is the task itself, which its title says better.
  const document = fields.business_document ?? (event.title == null ? event.document : undefined);
  const note = event.title ?? fields.note ?? fields.title ?? fields.text;
  return (
    <>
      <p>
        <strong>{t(`event.${event.type}`)}</strong> {note}
      </p>
      <p className={styles.quiet}>
        <time dateTime={event.occurred_at}>{formats.dayOf(event.occurred_at)}</time>
        {fields.dimension !== undefined && (
          <span>
            {isFeedbackDimension(fields.dimension)
              ? t(`feedbackDimension.${fields.dimension}`)
              : fields.dimension}
          </span>
        )}
        {document != null && <span>{document}</span>}
        {event.customer != null && <span>{event.customer}</span>}
      </p>
    </>
  );
}
