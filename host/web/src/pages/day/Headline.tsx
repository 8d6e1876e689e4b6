import { ArrowDownOutlined, ArrowUpOutlined } from '@ant-design/icons';
import { useTranslation } from 'react-i18next';
import type { DayCard, PersonDay } from '../../api/day.ts';
import { useFormats } from '../../language/formats.ts';
import { Age, NotComputable } from '../../parts/Badges.tsx';
import { IndicatorLink } from '../../parts/IndicatorLink.tsx';
import { Panel } from '../../parts/Panel.tsx';
import { Points } from '../../parts/Points.tsx';
import { QuestionButton } from '../../parts/question/QuestionButton.tsx';
import { storyOf } from './story.ts';
import styles from './Headline.module.css';

const WHOLE = 1_000_000;

/** The month in one number, how it moved, and the one thing that would help most. */
export function Headline({ day }: { day: PersonDay }) {
  const { t } = useTranslation('day');
  const formats = useFormats();
  const { composite, month, person } = day;
  const story = storyOf(day);
  const title = t('composite', { month: formats.month(month) });
  const value = composite?.points == null ? undefined : formats.points(composite.points);
  return (
    <Panel label={title} className={styles.headline}>
      <div className={styles.label}>
        <h2>{title}</h2>
        {composite && <Age at={composite.computed_at} />}
      </div>
      {composite?.points != null && <Points points={composite.points} size="huge" />}
      {composite?.not_computable && <NotComputable reason={composite.not_computable} />}
      {!composite && <p className={styles.quiet}>{t('none')}</p>}
      {composite && (
        <ul className={styles.moves}>
          {composite.since_yesterday != null && (
            <Move by={composite.since_yesterday} text="sinceYesterday" still={t('unchanged')} />
          )}
          {composite.since_last_month != null && (
            <Move by={composite.since_last_month} text="sinceLastMonth" />
          )}
        </ul>
      )}
      {composite?.points != null && composite.coverage < WHOLE && (
        <p className={styles.quiet}>{t('coverage', { share: formats.share(composite.coverage) })}</p>
      )}
      {story && (
        <div className={styles.story}>
          <p className={styles.storyLabel}>{t(story.kind === 'help' ? 'oneThing' : 'goesWell')}</p>
          <IndicatorLink person={person} indicator={story.card.indicator} className={styles.storyTitle}>
            {formats.text(story.card.title)}
          </IndicatorLink>
          {story.card.sentence && <Said sentence={story.card.sentence} />}
        </div>
      )}
      {composite && value !== undefined && (
        <div className={styles.below}>
          <QuestionButton
            asked={{ what: 'composite', sequence: composite.sequence }}
            name={`${person}.composite.${month}`}
            about={t('about', { title: t('compositeTitle'), month: formats.month(month), value })}
          />
        </div>
      )}
    </Panel>
  );
}

/** First what one could do, then why; the whole sentence stands at the indicator's own card. */
function Said({ sentence }: { sentence: NonNullable<DayCard['sentence']> }) {
  const formats = useFormats();
  return (
    <>
      {sentence.next_step && <p>{formats.text(sentence.next_step)}</p>}
      <p className={styles.why}>{formats.text(sentence.text)}</p>
    </>
  );
}

type MoveProps = { by: number; text: 'sinceYesterday' | 'sinceLastMonth'; still?: string };

/** By how much the composite moved: told by an arrow and a sign, never by colour alone. */
function Move({ by, text, still }: MoveProps) {
  const { t } = useTranslation('day');
  const formats = useFormats();
  const difference = formats.difference(by);
  const isStill = !/[1-9]/.test(difference);
  if (isStill && still !== undefined) {
    return <li className={styles.move}>{still}</li>;
  }
  return (
    <li className={styles.move} data-direction={isStill ? undefined : by > 0 ? 'up' : 'down'}>
      {!isStill && (by > 0 ? <ArrowUpOutlined aria-hidden /> : <ArrowDownOutlined aria-hidden />)}
      {t(text, { difference })}
    </li>
  );
}
