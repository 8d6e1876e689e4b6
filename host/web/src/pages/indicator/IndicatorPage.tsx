/** One indicator of one person: what it says, month by month, and everything that a number rests on. */
import { LeftOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { indicatorQuery, type IndicatorHistory } from '../../api/indicator.ts';
import { personQuery } from '../../api/person.ts';
import { Problem } from '../../api/problem.ts';
import { Loading } from '../../app/Loading.tsx';
import { Missing } from '../../app/Missing.tsx';
import { useSession } from '../../app/session.ts';
import { useTitle } from '../../app/useTitle.ts';
import { useFormats } from '../../language/formats.ts';
import { TrialBadge } from '../../parts/Badges.tsx';
import { Chart } from '../../parts/chart/Chart.tsx';
import { ProblemNotice } from '../../parts/ProblemNotice.tsx';
import { AboutNumber } from './AboutNumber.tsx';
import { Evidence } from './Evidence.tsx';
import { MonthDetail } from './MonthDetail.tsx';
import { MonthStrip } from './MonthStrip.tsx';
import { ReceiptInWords } from './ReceiptInWords.tsx';
import { ShareHistory } from './ShareHistory.tsx';
import styles from './IndicatorPage.module.css';

const ROUTE = '/signed-in/people/$person/indicators/$indicator';

export function IndicatorPage() {
  const { person, indicator } = useParams({ from: ROUTE });
  const history = useQuery(indicatorQuery(person, indicator));
  if (history.error instanceof Problem && history.error.word === 'not-found') {
    return <Missing />;
  }
  if (history.data === undefined) {
    return history.error ? (
      <ProblemNotice problem={history.error} retry={() => void history.refetch()} />
    ) : (
      <Loading />
    );
  }
  return <Indicator history={history.data} />;
}

function Indicator({ history }: { history: IndicatorHistory }) {
  const { t } = useTranslation('indicator');
  const formats = useFormats();
  const session = useSession();
  const navigate = useNavigate({ from: '/people/$person/indicators/$indicator' });
  const { month } = useSearch({ from: ROUTE });
  const title = formats.text(history.title);
  useTitle(title);
  const { months, person, unit, goal } = history;
  const chosen =
    months.find((one) => one.month === month) ?? months.findLast(({ score }) => score) ?? months.at(-1);
  const choose = (month: string) => {
    void navigate({ search: { month }, replace: true, resetScroll: false });
  };
  const isOwn = person === session.person;
  return (
    <article className={styles.page}>
      <header className={styles.header}>
        <WayBack person={person} isOwn={isOwn} />
        <h1>{title}</h1>
        <p className={styles.meta}>
          {history.dimension && (
            <span>
              {t('dimension', {
                dimension: history.dimension.title
                  ? formats.text(history.dimension.title)
                  : history.dimension.id,
              })}
            </span>
          )}
          <span>{history.higher_is_better ? t('higher') : t('lower')}</span>
          {history.trial && <TrialBadge />}
        </p>
      </header>
      <section className={styles.card} aria-label={t('trend')}>
        <Chart
          title={title}
          unit={unit}
          sentence={history.sentence}
          trial={history.trial}
          values={months.map(({ month, score }) => ({ month, value: score?.raw ?? undefined }))}
          target={goal?.target ?? undefined}
          baseline={goal?.baseline ?? undefined}
          stretch={goal?.stretch ?? undefined}
          height={240}
          chosen={chosen?.month}
          onChoose={choose}
        />
        <MonthStrip history={history} chosen={chosen?.month} choose={choose} />
      </section>
      {chosen !== undefined && (
        <div className={styles.columns}>
          <div className={styles.column}>
            <MonthDetail history={history} month={chosen} />
            {chosen.score && (
              <Evidence
                key={chosen.score.sequence}
                sequence={chosen.score.sequence}
                captured={history.newest?.sequence === chosen.score.sequence ? history.capture : undefined}
              />
            )}
          </div>
          <div className={styles.column}>
            <AboutNumber history={history} month={chosen} />
            <ShareHistory history={history} chosen={chosen.month} />
            {chosen.score && (
              <ReceiptInWords
                key={chosen.score.sequence}
                sequence={chosen.score.sequence}
                goal={chosen.score.goal}
                unit={unit}
              />
            )}
          </div>
        </div>
      )}
    </article>
  );
}

/** To the page where one came from to a number: one's own day, or what somebody else has reached. */
function WayBack({ person, isOwn }: { person: string; isOwn: boolean }) {
  const { t } = useTranslation('indicator');
  const other = useQuery({ ...personQuery(person), enabled: !isOwn });
  if (isOwn) {
    return (
      <Link to="/" className={styles.back}>
        <LeftOutlined aria-hidden /> {t('back')}
      </Link>
    );
  }
  return (
    <Link to="/people/$person/growth" params={{ person }} className={styles.back}>
      <LeftOutlined aria-hidden /> {other.data?.name ?? t('backToPerson')}
    </Link>
  );
}
