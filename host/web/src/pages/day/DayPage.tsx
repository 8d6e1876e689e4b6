import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { dayQuery } from '../../api/day.ts';
import { Loading } from '../../app/Loading.tsx';
import { useSession } from '../../app/session.ts';
import { useTitle } from '../../app/useTitle.ts';
import { NotComputable, TrialBadge, Age } from '../../parts/Badges.tsx';
import { Chart } from '../../parts/chart/Chart.tsx';
import { Points } from '../../parts/Points.tsx';
import { ProblemNotice } from '../../parts/ProblemNotice.tsx';
import { useFormats } from '../../language/formats.ts';

export function DayPage() {
  const { t } = useTranslation('day');
  const session = useSession();
  const formats = useFormats();
  useTitle(t('title'));
  const day = useQuery(dayQuery(session.person));
  if (day.data === undefined) {
    return day.error ? <ProblemNotice problem={day.error} retry={() => void day.refetch()} /> : <Loading />;
  }
  const { composite, dimensions } = day.data;
  return (
    <>
      <h1>{t('title')}</h1>
      {composite?.points != null && <Points points={composite.points} size="huge" />}
      {composite?.not_computable && <NotComputable reason={composite.not_computable} />}
      {dimensions
        .flatMap((d) => d.cards)
        .map((card) => (
          <section key={card.indicator}>
            <h3>{formats.text(card.title)}</h3>
            {card.trial && <TrialBadge />}
            {card.score?.points != null && <Points points={card.score.points} />}
            {card.score && <Age at={card.score.computed_at ?? undefined} stale={card.score.stale} />}
            <Chart
              title={formats.text(card.title)}
              unit={card.unit}
              sentence={card.sentence}
              trial={card.trial}
              values={card.trend.map((p) => ({ month: p.month, value: p.raw ?? undefined }))}
            />
          </section>
        ))}
    </>
  );
}
