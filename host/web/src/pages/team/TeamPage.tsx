/** A manager's team: who needs a word and why, and everybody's year side by side. Order is by name; nobody is ranked. */
import { LineChartOutlined, TableOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams, useRouter } from '@tanstack/react-router';
import { Button } from 'antd';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { personQuery } from '../../api/people.ts';
import {
  managersQuery,
  teamQuery,
  waitingQuery,
  type Question,
  type Team,
  type TeamMember,
} from '../../api/team.ts';
import { Loading } from '../../app/Loading.tsx';
import { useSession } from '../../app/session.ts';
import { useTitle } from '../../app/useTitle.ts';
import { useFormats } from '../../language/formats.ts';
import { NotComputable } from '../../parts/Badges.tsx';
import { EmptyState } from '../../parts/EmptyState.tsx';
import { PersonLinks } from '../../parts/PersonLinks.tsx';
import { Points } from '../../parts/Points.tsx';
import { ProblemNotice } from '../../parts/ProblemNotice.tsx';
import { Sentence } from '../../parts/Sentence.tsx';
import { scaleOf, type Scale } from './scale.ts';
import { SmallTrend } from './SmallTrend.tsx';
import { wordAbout, wordOf, type Word } from './words.ts';
import styles from './TeamPage.module.css';

/** The team of whoever is signed in. */
export function TeamPage() {
  const { t } = useTranslation('team');
  const { person } = useSession();
  return <TeamOf person={person} title={t('title')} />;
}

/** The team of somebody else, for those above them. */
export function TeamOfPage() {
  const { t } = useTranslation('team');
  const { person } = useParams({ from: '/signed-in/people/$person/team' });
  const { data } = useQuery(personQuery(person));
  return (
    <TeamOf key={person} person={person} title={data ? t('titleOf', { name: data.name }) : t('title')} />
  );
}

function TeamOf({ person, title }: { person: string; title: string }) {
  const { t } = useTranslation('team');
  useTitle(title);
  const session = useSession();
  const team = useQuery(teamQuery(person));
  const questions = useQuery(waitingQuery);
  if (team.data === undefined) {
    return team.error ? (
      <>
        <h1>{title}</h1>
        <ProblemNotice problem={team.error} retry={() => void team.refetch()} />
      </>
    ) : (
      <Loading />
    );
  }
  if (team.data.members.length === 0) {
    return (
      <EmptyState heading="h1" title={t('nobody')}>
        {t('nobodyText')}
      </EmptyState>
    );
  }
  // What is put to whoever is signed in concerns their own team; of another one, what is about its people.
  const asked = questions.data ?? [];
  return <Whole team={team.data} title={title} asked={asked} own={person === session.person} />;
}

type WholeProps = { team: Team; title: string; asked: Question[]; own: boolean };

function Whole({ team, title, asked, own }: WholeProps) {
  const { t } = useTranslation('team');
  const formats = useFormats();
  const said = useMemo(() => {
    const members = team.members.map((member) => ({
      member,
      words: [
        ...asked.filter(({ about }) => about.subject === member.person).map((q) => wordAbout(q, t, formats)),
        ...member.reasons.map((reason) => wordOf(reason, t, formats)),
      ],
    }));
    const known = new Set(team.members.map(({ person }) => person));
    const others = own ? asked.filter(({ about }) => !known.has(about.subject)) : [];
    return {
      members: members.filter(({ words }) => words.length > 0),
      others: others.map((question) => wordAbout(question, t, formats)),
    };
  }, [team.members, asked, own, t, formats]);
  const lead =
    said.members.length === 0
      ? t('leadCalm', { count: team.members.length })
      : t('lead', { count: team.members.length, needing: said.members.length });
  return (
    <>
      <header className={styles.head}>
        <h1>{title}</h1>
        <p>{lead}</p>
      </header>
      {(said.members.length > 0 || said.others.length > 0) && (
        <section className={styles.section} aria-labelledby="needing">
          <h2 id="needing">{t('needing')}</h2>
          <ul className={styles.needing}>
            {said.members.map(({ member, words }) => (
              <li key={member.person} className={styles.card}>
                <Who member={member} />
                <Words words={words} />
                <PersonLinks person={member.person} name={member.name} />
              </li>
            ))}
            {said.others.length > 0 && (
              <li className={styles.card}>
                <h3>{t('others')}</h3>
                <Words words={said.others} />
              </li>
            )}
          </ul>
        </section>
      )}
      <Trends team={team} />
    </>
  );
}

function Who({ member }: { member: TeamMember }) {
  const { t } = useTranslation('team');
  const formats = useFormats();
  const { position, department } = member;
  const place = [position?.title ? formats.text(position.title) : undefined, department?.name].filter(
    (part) => part !== undefined,
  );
  return (
    <div>
      <h3>{member.name || t('erased')}</h3>
      {place.length > 0 && <p className={styles.place}>{place.join(' · ')}</p>}
    </div>
  );
}

/** Where a question is answered, as far as there is such a page. */
const QUESTION = '/questions/$id';

function Words({ words }: { words: Word[] }) {
  const { t } = useTranslation('team');
  const { language } = useFormats();
  const pages = useRouter().routesByPath as Record<string, unknown>;
  return (
    <ul className={styles.words}>
      {words.map(({ key, text, next, tone, details, question }) => (
        <li key={key}>
          <Sentence sentence={{ text: { [language]: text }, next_step: { [language]: next }, tone }} />
          {details.length > 0 && (
            <ul className={styles.details}>
              {details.map((detail) => (
                <li key={detail}>{detail}</li>
              ))}
            </ul>
          )}
          {question !== undefined && QUESTION in pages && (
            <Link to={QUESTION.replace('$id', encodeURIComponent(question)) as '/'} className={styles.answer}>
              {t('answer')}
            </Link>
          )}
        </li>
      ))}
    </ul>
  );
}

function Trends({ team: { manager, members } }: { team: Team }) {
  const { t } = useTranslation('team');
  const formats = useFormats();
  const [asTable, setAsTable] = useState(false);
  const scale = useMemo(() => scaleOf(members), [members]);
  const managers = useQuery(managersQuery(manager));
  const leading = new Set(managers.data);
  const months = members[0]?.trend.map(({ month }) => month) ?? [];
  const [from, until] = [months[0], months.at(-1)];
  return (
    <section className={styles.section} aria-labelledby="trends">
      <div className={styles.sectionHead}>
        <h2 id="trends">{t('trends')}</h2>
        <Button
          type="text"
          size="small"
          icon={asTable ? <LineChartOutlined /> : <TableOutlined />}
          onClick={() => {
            setAsTable(!asTable);
          }}
        >
          {asTable ? t('asPictures') : t('asTable')}
        </Button>
      </div>
      {from !== undefined && until !== undefined && (
        <p className={styles.note}>
          {t('sameScale', {
            low: formats.number(scale.low),
            high: formats.number(scale.high),
            from: formats.month(from),
            until: formats.month(until),
          })}
        </p>
      )}
      {asTable ? (
        <TrendTable members={members} months={months} />
      ) : (
        <ul className={styles.multiples}>
          {members.map((member) => (
            <li key={member.person} className={styles.card}>
              <Multiple member={member} scale={scale} />
              <div className={styles.ways}>
                <PersonLinks person={member.person} name={member.name} />
                {leading.has(member.person) && (
                  <Link to="/people/$person/team" params={{ person: member.person }}>
                    {t('theirTeam', { name: member.name })}
                  </Link>
                )}
              </div>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function Multiple({ member, scale }: { member: TeamMember; scale: Scale }) {
  const { t } = useTranslation('team');
  const formats = useFormats();
  const { composite, stale, indicators } = member;
  return (
    <>
      <Who member={member} />
      {composite?.points != null ? (
        <p className={styles.now}>
          <Points points={composite.points} />
          {composite.since_last_month != null && (
            <span className={styles.change}>
              {t('sinceLastMonth', { difference: formats.difference(composite.since_last_month) })}
            </span>
          )}
        </p>
      ) : composite ? (
        <NotComputable reason={composite.not_computable} />
      ) : (
        <p className={styles.note}>{t('noComposite')}</p>
      )}
      <SmallTrend member={member} scale={scale} />
      {stale > 0 && <p className={styles.note}>{t('stale', { count: stale, of: indicators })}</p>}
    </>
  );
}

function TrendTable({ members, months }: { members: TeamMember[]; months: string[] }) {
  const { t } = useTranslation('team');
  const formats = useFormats();
  return (
    <div className={styles.scroll} tabIndex={0} role="region" aria-label={t('trends')}>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">{t('name')}</th>
            {months.map((month) => (
              <th key={month} scope="col">
                {formats.shortMonth(month)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {members.map(({ person, name, trend }) => (
            <tr key={person}>
              <th scope="row">{name || t('erased')}</th>
              {trend.map(({ month, points }) => (
                <td key={month}>{points == null ? t('none') : formats.points(points)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
