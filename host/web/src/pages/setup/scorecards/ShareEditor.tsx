/**
 * The editor of a scorecard's shares. Whatever is done in it, they total exactly 100 %: moving one scales the others that are
 * free (`shares.ts`), so there is nothing to add up and nothing that could be signed wrong.
 */
import {
  DeleteOutlined,
  ExperimentOutlined,
  LockOutlined,
  PlusOutlined,
  PushpinFilled,
  PushpinOutlined,
  UnlockOutlined,
} from '@ant-design/icons';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Input, Popconfirm, Select } from 'antd';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { indicatorsQuery } from '../../../api/indicators.ts';
import { setScorecard, type Scorecard } from '../../../api/scorecards.ts';
import { useFormats } from '../../../language/formats.ts';
import { ActionButton } from '../../../parts/ActionButton.tsx';
import { ProblemNotice } from '../../../parts/ProblemNotice.tsx';
import { useDraft } from '../../../parts/useDraft.ts';
import shared from '../SetUp.module.css';
import { Success } from '../Success.tsx';
import { cardOf, changes, idOf, isChanged, settingOf, type Card, type Change } from './card.ts';
import { PercentField } from './PercentField.tsx';
import {
  add,
  moveDimension,
  moveShare,
  remove,
  room,
  roomOfDimension,
  setTrial,
  total,
  WHOLE,
  type Entry,
} from './shares.ts';
import { ShareSlider } from './ShareSlider.tsx';
import styles from './ShareEditor.module.css';

/** What was signed last on this page. The editor is made anew for each revision, so whoever shows it keeps it. */
export type Signed = { from: string };

type Props = {
  scorecard: Scorecard;
  /** The day from which it is to hold, on which the scorecard is in force as it is here. */
  from: string | undefined;
  signed: Signed | undefined;
  onSigned: (signed: Signed) => void;
};

export function ShareEditor({ scorecard, from, signed, onSigned }: Props) {
  const { t } = useTranslation('setup');
  const formats = useFormats();
  const client = useQueryClient();
  const draft = useDraft<Card | null>(`scorecard.${scorecard.id}.${scorecard.revision}`, null);
  const [noRoom, setNoRoom] = useState(false);
  const indicators = useQuery(indicatorsQuery);
  const titles = new Map(indicators.data?.map(({ id, title }) => [id, formats.text(title)]));
  const titleOf = (indicator: string) => titles.get(indicator) ?? indicator;
  const before = cardOf(scorecard);
  const card = draft.value ?? before;
  const signing = useMutation({
    mutationFn: (from: string) => setScorecard(scorecard.id, settingOf(scorecard, card, from)),
    onSuccess: async (_, from) => {
      onSigned({ from });
      draft.done();
      await client.invalidateQueries({ queryKey: ['scorecards'] });
    },
  });
  const keep = (entries: Entry[] | undefined) => {
    setNoRoom(entries === undefined);
    if (entries !== undefined) {
      draft.keep({ ...card, entries });
    }
  };
  const toggle = (indicator: string, key: 'locked' | 'held') => {
    keep(
      card.entries.map((entry) => (entry.indicator === indicator ? { ...entry, [key]: !entry[key] } : entry)),
    );
  };
  const changed = isChanged(before, card);
  const free = indicators.data?.filter(
    ({ id, subject_kind }) =>
      subject_kind === 'employee' && !card.entries.some(({ indicator }) => indicator === id),
  );
  return (
    <>
      {draft.wasKept && changed && <p className={shared.quiet}>{t('scorecards.kept')}</p>}
      {!changed && signed !== undefined && (
        <Success>{t('scorecards.success', { day: formats.day(signed.from) })}</Success>
      )}
      <Whole card={card} />
      {card.dimensions.map((dimension) => {
        const inside = card.entries.filter((entry) => entry.dimension === dimension.id);
        const sum = total(inside);
        const range = roomOfDimension(card.entries, dimension.id);
        const title = formats.text(dimension.title);
        const fixed = range.from === range.to;
        return (
          <section key={dimension.id} className={styles.dimension} aria-label={title}>
            <div className={styles.head}>
              <h2>{title}</h2>
              <ShareSlider
                label={t('scorecards.shareOf', { name: title })}
                share={sum}
                disabled={fixed}
                entries={card.entries}
                shown={formats.share}
                moved={(begin, share) => {
                  keep(moveDimension(begin, dimension.id, share));
                }}
              />
              <PercentField
                label={t('scorecards.percentOf', { name: title })}
                share={sum}
                disabled={fixed}
                changed={(share) => {
                  keep(moveDimension(card.entries, dimension.id, share));
                }}
              />
            </div>
            {inside.length === 0 ? (
              <div className={styles.empty}>
                <p className={shared.quiet}>{t('scorecards.dimensionEmpty')}</p>
                {card.dimensions.length > 1 && (
                  <Button
                    size="small"
                    icon={<DeleteOutlined />}
                    onClick={() => {
                      draft.keep({
                        ...card,
                        dimensions: card.dimensions.filter(({ id }) => id !== dimension.id),
                      });
                    }}
                  >
                    {t('scorecards.removeDimension')}
                  </Button>
                )}
              </div>
            ) : (
              <ul>
                {inside.map((entry) => (
                  <EntryRow
                    key={entry.indicator}
                    entry={entry}
                    title={titleOf(entry.indicator)}
                    entries={card.entries}
                    keep={keep}
                    toggle={toggle}
                  />
                ))}
              </ul>
            )}
          </section>
        );
      })}
      {noRoom && (
        <p role="alert" className={styles.noRoom}>
          {t('scorecards.noRoom')}
        </p>
      )}
      <div className={styles.adding}>
        <AddIndicator
          free={free?.map(({ id, title }) => ({ value: id, label: formats.text(title) })) ?? []}
          dimensions={card.dimensions.map(({ id, title }) => ({ value: id, label: formats.text(title) }))}
          added={(indicator, dimension) => {
            keep(add(card.entries, indicator, dimension));
          }}
        />
        <AddDimension
          known={card.dimensions.map(({ id }) => id)}
          added={(dimension) => {
            draft.keep({ ...card, dimensions: [...card.dimensions, dimension] });
          }}
        />
      </div>
      <section className={styles.signing} aria-labelledby="signing">
        <h2 id="signing">{t('scorecards.signing')}</h2>
        {changed ? (
          <ChangeList changes={changes(before, card)} titleOf={titleOf} />
        ) : (
          <p className={shared.quiet}>{t('scorecards.unchanged')}</p>
        )}
        {changed && (
          <>
            {signing.error !== null && <ProblemNotice problem={signing.error} />}
            <div className={shared.actions}>
              <Popconfirm
                title={t('scorecards.confirm')}
                description={t('scorecards.confirmText')}
                okText={t('scorecards.sign')}
                cancelText={t('cancel')}
                disabled={total(card.entries) !== WHOLE || from === undefined}
                onConfirm={() => {
                  if (from !== undefined) {
                    signing.mutate(from);
                  }
                }}
              >
                <ActionButton
                  type="primary"
                  isBusy={signing.isPending}
                  disabled={total(card.entries) !== WHOLE || from === undefined}
                >
                  {t('scorecards.sign')}
                </ActionButton>
              </Popconfirm>
              <Button
                onClick={() => {
                  setNoRoom(false);
                  draft.done();
                }}
              >
                {t('scorecards.discard')}
              </Button>
            </div>
          </>
        )}
      </section>
    </>
  );
}

/** All of it as one bar. The numbers stand beside it, so readers of screens lose nothing. */
function Whole({ card }: { card: Card }) {
  const { t } = useTranslation('setup');
  const formats = useFormats();
  return (
    <div className={styles.whole}>
      <p>
        <strong>{t('scorecards.total', { share: formats.share(total(card.entries)) })}</strong>{' '}
        <span className={shared.quiet}>{t('scorecards.totalHint')}</span>
      </p>
      <div className={styles.bar} aria-hidden="true">
        {card.dimensions.map(({ id }, place) => (
          <span
            key={id}
            data-place={place % 4}
            style={{
              flexGrow: total(card.entries.filter(({ dimension }) => dimension === id)) / WHOLE,
            }}
          />
        ))}
      </div>
      <ul className={styles.legend}>
        {card.dimensions.map(({ id, title }, place) => (
          <li key={id}>
            <span className={styles.dot} data-place={place % 4} aria-hidden="true" />
            {t('scorecards.part', {
              name: formats.text(title),
              share: formats.share(total(card.entries.filter(({ dimension }) => dimension === id))),
            })}
          </li>
        ))}
      </ul>
    </div>
  );
}

type RowProps = {
  entry: Entry;
  title: string;
  entries: Entry[];
  keep: (entries: Entry[] | undefined) => void;
  toggle: (indicator: string, key: 'locked' | 'held') => void;
};

function EntryRow({ entry, title, entries, keep, toggle }: RowProps) {
  const { t } = useTranslation('setup');
  const formats = useFormats();
  const { indicator, share, locked, held, trial } = entry;
  const range = room(entries, indicator);
  const fixed = locked || trial || range.from === range.to;
  return (
    <li className={styles.entry} data-trial={trial ? '' : undefined}>
      <span className={shared.name}>{title}</span>
      {trial ? (
        <span className={styles.trial}>{t('scorecards.onTrial')}</span>
      ) : (
        <>
          <ShareSlider
            label={t('scorecards.shareOf', { name: title })}
            share={share}
            disabled={fixed}
            entries={entries}
            shown={formats.share}
            moved={(begin, wanted) => {
              keep(moveShare(begin, indicator, wanted));
            }}
          />
          <PercentField
            label={t('scorecards.percentOf', { name: title })}
            share={share}
            disabled={fixed}
            changed={(wanted) => {
              keep(moveShare(entries, indicator, wanted));
            }}
          />
        </>
      )}
      <div className={styles.tools}>
        {!trial && (
          <>
            <Button
              size="small"
              type="text"
              icon={held ? <PushpinFilled /> : <PushpinOutlined />}
              aria-pressed={held}
              className={styles.tool ?? ''}
              aria-label={t('scorecards.holdOf', { name: title })}
              onClick={() => {
                toggle(indicator, 'held');
              }}
            >
              {t('scorecards.hold')}
            </Button>
            <Button
              size="small"
              type="text"
              icon={locked ? <LockOutlined /> : <UnlockOutlined />}
              aria-pressed={locked}
              className={styles.tool ?? ''}
              aria-label={t('scorecards.lockOf', { name: title })}
              onClick={() => {
                toggle(indicator, 'locked');
              }}
            >
              {t('scorecards.lock')}
            </Button>
          </>
        )}
        <Button
          size="small"
          type="text"
          icon={<ExperimentOutlined />}
          aria-pressed={trial}
          className={styles.tool ?? ''}
          aria-label={t('scorecards.trialOf', { name: title })}
          onClick={() => {
            keep(setTrial(entries, indicator, !trial));
          }}
        >
          {t('scorecards.trial')}
        </Button>
        <Button
          size="small"
          type="text"
          icon={<DeleteOutlined />}
          className={styles.tool ?? ''}
          aria-label={t('scorecards.removeOf', { name: title })}
          onClick={() => {
            keep(remove(entries, indicator));
          }}
        >
          {t('scorecards.remove')}
        </Button>
      </div>
    </li>
  );
}

function ChangeList({ changes, titleOf }: { changes: Change[]; titleOf: (indicator: string) => string }) {
  const { t } = useTranslation('setup');
  const formats = useFormats();
  const shareOf = (entry: Entry | undefined) =>
    entry === undefined
      ? t('scorecards.absent')
      : entry.trial
        ? t('scorecards.trial')
        : entry.locked
          ? t('scorecards.lockedAt', { share: formats.share(entry.share) })
          : formats.share(entry.share);
  return (
    <ul className={styles.changes}>
      {changes.map(({ indicator, before, after }) => (
        <li key={indicator}>
          {t('scorecards.change', {
            name: titleOf(indicator),
            before: shareOf(before),
            after: shareOf(after),
          })}
        </li>
      ))}
    </ul>
  );
}

type Option = { value: string; label: string };

type AddIndicatorProps = {
  free: Option[];
  dimensions: Option[];
  added: (indicator: string, dimension: string) => void;
};

function AddIndicator({ free, dimensions, added }: AddIndicatorProps) {
  const { t } = useTranslation('setup');
  const [dimension, setDimension] = useState<string>();
  const chosen = dimensions.some(({ value }) => value === dimension) ? dimension : dimensions[0]?.value;
  if (free.length === 0 || chosen === undefined) {
    return null;
  }
  return (
    <div className={styles.add}>
      <Select
        aria-label={t('scorecards.toDimension')}
        options={dimensions}
        value={chosen}
        onChange={setDimension}
      />
      <Select<string>
        aria-label={t('scorecards.addIndicator')}
        placeholder={t('scorecards.addIndicator')}
        showSearch={{ optionFilterProp: 'label' }}
        options={free}
        value={null}
        onChange={(indicator) => {
          added(indicator, chosen);
        }}
      />
    </div>
  );
}

type AddDimensionProps = { known: string[]; added: (dimension: Card['dimensions'][number]) => void };

function AddDimension({ known, added }: AddDimensionProps) {
  const { t } = useTranslation('setup');
  const [open, setOpen] = useState(false);
  const [chinese, setChinese] = useState('');
  const [english, setEnglish] = useState('');
  const field = useId();
  const id = idOf(english);
  const taken = id !== undefined && known.includes(id);
  if (!open) {
    return (
      <Button
        icon={<PlusOutlined />}
        onClick={() => {
          setOpen(true);
        }}
      >
        {t('scorecards.addDimension')}
      </Button>
    );
  }
  return (
    <form
      className={styles.add}
      onSubmit={(event) => {
        event.preventDefault();
        if (id !== undefined && !taken && chinese.trim() !== '') {
          added({ id, title: { 'zh-CN': chinese.trim(), en: english.trim() } });
          setOpen(false);
          setChinese('');
          setEnglish('');
        }
      }}
    >
      <Input
        autoFocus
        aria-label={t('chineseTitle')}
        placeholder={t('chineseTitle')}
        value={chinese}
        onChange={(event) => {
          setChinese(event.target.value);
        }}
      />
      <Input
        aria-label={t('englishTitle')}
        placeholder={t('englishTitle')}
        value={english}
        status={taken ? 'error' : ''}
        aria-describedby={field}
        onChange={(event) => {
          setEnglish(event.target.value);
        }}
      />
      <Button htmlType="submit" disabled={id === undefined || taken || chinese.trim() === ''}>
        {t('add')}
      </Button>
      {taken && (
        <p id={field} role="alert" className={styles.noRoom}>
          {t('scorecards.dimensionTaken')}
        </p>
      )}
    </form>
  );
}
