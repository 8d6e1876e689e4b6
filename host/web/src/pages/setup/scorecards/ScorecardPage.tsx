/** One scorecard: who it is for, what counts how much, and the editor in which its shares always total 100 %. */
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { indicatorsQuery } from '../../../api/indicators.ts';
import { scorecardQuery, type Scorecard } from '../../../api/scorecards.ts';
import { Loading } from '../../../app/Loading.tsx';
import { useSession } from '../../../app/session.ts';
import { useTitle } from '../../../app/useTitle.ts';
import { useFormats } from '../../../language/formats.ts';
import { isWholeDay } from '../../../language/days.ts';
import { TrialBadge } from '../../../parts/Badges.tsx';
import { ProblemNotice } from '../../../parts/ProblemNotice.tsx';
import { PageHead } from '../PageHead.tsx';
import shared from '../SetUp.module.css';
import styles from './ShareEditor.module.css';
import { ShareEditor, type Signed } from './ShareEditor.tsx';
import { usePlaceName } from './usePlaceName.ts';

export function ScorecardPage() {
  const { scorecard: id } = useParams({ from: '/signed-in/set-up/setup/scorecards/$scorecard' });
  return <OnDay key={id} id={id} />;
}

/** What is edited is what is in force on the day from which it is to hold: today, or a later one. */
function OnDay({ id }: { id: string }) {
  const { t } = useTranslation('setup');
  const formats = useFormats();
  const { administrator, company } = useSession();
  const [from, setFrom] = useState(company.today);
  const on = isWholeDay(from) ? from : company.today;
  const scorecard = useQuery({ ...scorecardQuery(id, on), placeholderData: keepPreviousData });
  const indicators = useQuery(indicatorsQuery);
  const [signed, setSigned] = useState<Signed>();
  const failed = scorecard.error ?? indicators.error;
  const isThere = scorecard.data !== undefined && indicators.data !== undefined;
  const title = scorecard.data ? formats.text(scorecard.data.title) : t('part.scorecards.title');
  useTitle(title);
  if (!isThere && !failed) {
    return <Loading />;
  }
  return (
    <>
      <PageHead title={title} lead={scorecard.data && <Lead scorecard={scorecard.data} />} />
      {administrator && <From day={from} chosen={setFrom} />}
      {scorecard.data?.next && (
        <p className={styles.next} role="note">
          {t(scorecard.data.next.ends ? 'scorecards.nextEnds' : 'scorecards.next', {
            day: formats.day(scorecard.data.next.from),
          })}
        </p>
      )}
      {!isThere ? (
        <ProblemNotice
          problem={failed}
          retry={() => {
            void scorecard.refetch();
            void indicators.refetch();
          }}
        />
      ) : administrator ? (
        <ShareEditor
          key={scorecard.data.revision}
          scorecard={scorecard.data}
          from={isWholeDay(from) && !scorecard.isPlaceholderData ? from : undefined}
          signed={signed}
          onSigned={setSigned}
        />
      ) : (
        <Shares scorecard={scorecard.data} />
      )}
    </>
  );
}

function Lead({ scorecard }: { scorecard: Scorecard }) {
  const { t } = useTranslation('setup');
  const formats = useFormats();
  const place = usePlaceName(scorecard.place);
  const since =
    scorecard.from == null
      ? t('scorecards.sinceEver')
      : t('scorecards.since', { day: formats.day(scorecard.from) });
  return <>{t('scorecards.signed', { place, since })}</>;
}

function From({ day, chosen }: { day: string; chosen: (day: string) => void }) {
  const { t } = useTranslation('setup');
  return (
    <label className={styles.from}>
      {t('scorecards.from')}
      <Input
        type="date"
        value={day}
        onChange={(event) => {
          chosen(event.target.value);
        }}
      />
      <span className={shared.quiet}>{t('scorecards.fromHint')}</span>
    </label>
  );
}

/** For those who may read but not sign. */
function Shares({ scorecard }: { scorecard: Scorecard }) {
  const { t } = useTranslation('setup');
  const formats = useFormats();
  const indicators = useQuery(indicatorsQuery);
  const titles = new Map(indicators.data?.map(({ id, title }) => [id, formats.text(title)]));
  return (
    <>
      {scorecard.dimensions.map((dimension) => (
        <section key={dimension.id} className={shared.section}>
          <h2>{formats.text(dimension.title)}</h2>
          <ul className={shared.list}>
            {scorecard.indicators
              .filter((entry) => entry.dimension === dimension.id)
              .map(({ indicator, share = 0, trial = false, locked = false }) => (
                <li key={indicator} className={shared.row}>
                  <span className={shared.name}>{titles.get(indicator) ?? indicator}</span>
                  {trial ? <TrialBadge /> : <span>{formats.share(share)}</span>}
                  {locked && <span className={shared.quiet}>{t('scorecards.locked')}</span>}
                </li>
              ))}
          </ul>
        </section>
      ))}
    </>
  );
}
