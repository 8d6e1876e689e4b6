/** One scorecard: who it is for, what counts how much, and the editor in which its shares always total 100 %. */
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { indicatorsQuery } from '../../../api/indicators.ts';
import { scorecardQuery, type Scorecard } from '../../../api/scorecards.ts';
import { Loading } from '../../../app/Loading.tsx';
import { useSession } from '../../../app/session.ts';
import { useTitle } from '../../../app/useTitle.ts';
import { useFormats } from '../../../language/formats.ts';
import { TrialBadge } from '../../../parts/Badges.tsx';
import { ProblemNotice } from '../../../parts/ProblemNotice.tsx';
import { PageHead } from '../PageHead.tsx';
import shared from '../SetUp.module.css';
import { ShareEditor, type Signed } from './ShareEditor.tsx';
import { usePlaceName } from './usePlaceName.ts';

export function ScorecardPage() {
  const { scorecard: id } = useParams({ from: '/signed-in/set-up/setup/scorecards/$scorecard' });
  const scorecard = useQuery(scorecardQuery(id));
  const indicators = useQuery(indicatorsQuery);
  const failed = scorecard.error ?? indicators.error;
  if (scorecard.data === undefined || indicators.data === undefined) {
    return failed ? (
      <ProblemNotice
        problem={failed}
        retry={() => {
          void scorecard.refetch();
          void indicators.refetch();
        }}
      />
    ) : (
      <Loading />
    );
  }
  return <Whole key={id} scorecard={scorecard.data} />;
}

function Whole({ scorecard }: { scorecard: Scorecard }) {
  const { t } = useTranslation('setup');
  const formats = useFormats();
  const { administrator } = useSession();
  const [signed, setSigned] = useState<Signed>();
  const place = usePlaceName(scorecard.place);
  const title = formats.text(scorecard.title);
  useTitle(title);
  const since =
    scorecard.from == null
      ? t('scorecards.sinceEver')
      : t('scorecards.since', { day: formats.day(scorecard.from) });
  return (
    <>
      <PageHead title={title} lead={t('scorecards.signed', { place, since })} />
      {administrator ? (
        <ShareEditor key={scorecard.revision} scorecard={scorecard} signed={signed} onSigned={setSigned} />
      ) : (
        <Shares scorecard={scorecard} />
      )}
    </>
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
