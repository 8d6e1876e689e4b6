/** The growth map: what somebody reached, gave, got and went through, and how the dimensions stand. Nobody is compared with anybody. */
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useParams, useSearch } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { growthQuery } from '../../api/growth.ts';
import { personQuery } from '../../api/person.ts';
import { Problem } from '../../api/problem.ts';
import { Loading } from '../../app/Loading.tsx';
import { Missing } from '../../app/Missing.tsx';
import { useSession } from '../../app/session.ts';
import { useTitle } from '../../app/useTitle.ts';
import { ProblemNotice } from '../../parts/ProblemNotice.tsx';
import { CompositeOfMonth } from './CompositeOfMonth.tsx';
import { DimensionRadar } from './DimensionRadar.tsx';
import { GroupLooks } from './GroupLooks.tsx';
import { merged } from './merged.ts';
import { OwnLooks } from './OwnLooks.tsx';
import { TimeLine } from './TimeLine.tsx';
import styles from './GrowthPage.module.css';

/** One's own, in the navigation. */
export function OwnGrowthPage() {
  const session = useSession();
  const { month } = useSearch({ from: '/signed-in/growth' });
  return <Growth person={session.person} month={month} />;
}

export function GrowthPage() {
  const { person } = useParams({ from: '/signed-in/people/$person/growth' });
  const { month } = useSearch({ from: '/signed-in/people/$person/growth' });
  return <Growth key={person} person={person} month={month} />;
}

function Growth({ person, month }: { person: string; month: string | undefined }) {
  const { t } = useTranslation('growth');
  const session = useSession();
  const isOwn = person === session.person;
  const other = useQuery({ ...personQuery(person), enabled: !isOwn });
  const title = isOwn ? t('title') : t('titleOf', { name: other.data?.name ?? '' });
  useTitle(title);
  const read = useInfiniteQuery(growthQuery(person, session.company.time_zone));
  const composite = useRef<HTMLHeadingElement>(null);
  const [opened, setOpened] = useState(0);
  // Whoever opens a composite is taken to it, also where it is the one that is there already.
  useEffect(() => {
    if (opened > 0) {
      composite.current?.scrollIntoView();
      composite.current?.focus({ preventScroll: true });
    }
  }, [opened, month]);
  if (read.error instanceof Problem && read.error.word === 'not-found') {
    return <Missing />;
  }
  if (read.data === undefined) {
    return read.error ? (
      <ProblemNotice problem={read.error} retry={() => void read.refetch()} />
    ) : (
      <Loading />
    );
  }
  const map = merged(read.data.pages);
  const [first] = read.data.pages;
  const chosen =
    map.months.find((one) => one.month === month) ?? map.months.find(({ composite }) => composite);
  return (
    <article className={styles.page}>
      <header className={styles.header}>
        <h1>{title}</h1>
        <p className={styles.lead}>{isOwn ? t('lead') : t('leadOf')}</p>
      </header>
      <div className={styles.columns}>
        <div className={styles.column}>
          {chosen?.composite && (
            <CompositeOfMonth
              key={chosen.month}
              heading={composite}
              person={person}
              month={chosen}
              composite={chosen.composite}
              indicators={map.indicators}
            />
          )}
          {first && <DimensionRadar radar={first.radar} />}
          {isOwn && first && <OwnLooks person={person} weeks={first.own_views ?? []} />}
          {isOwn && (session.leads || session.hr_partner || session.administrator) && (
            <GroupLooks person={person} wholeCompany={session.administrator} />
          )}
        </div>
        <div className={styles.column}>
          <TimeLine
            map={map}
            person={person}
            older={read.hasNextPage ? () => void read.fetchNextPage() : undefined}
            reading={read.isFetchingNextPage}
            failed={read.isFetchNextPageError ? read.error : undefined}
            opened={() => {
              setOpened(opened + 1);
            }}
          />
        </div>
      </div>
    </article>
  );
}
