/** A person: where they stand and stood, where they go, and whether they may sign in. */
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { personQuery, spellsQuery, type Person, type Spell } from '../../../api/people.ts';
import { managersQuery } from '../../../api/team.ts';
import { Loading } from '../../../app/Loading.tsx';
import { useSession } from '../../../app/session.ts';
import { useTitle } from '../../../app/useTitle.ts';
import { useFormats } from '../../../language/formats.ts';
import { PersonLinks } from '../../../parts/PersonLinks.tsx';
import { ProblemNotice } from '../../../parts/ProblemNotice.tsx';
import { PageHead } from '../PageHead.tsx';
import styles from '../SetUp.module.css';
import { AccountCard } from './AccountCard.tsx';
import { LeaveCard } from './LeaveCard.tsx';
import { MoveCard } from './MoveCard.tsx';
import { RolesCard } from './RolesCard.tsx';

export function PersonPage() {
  const { person: id } = useParams({ from: '/signed-in/set-up/setup/people/$person' });
  const person = useQuery(personQuery(id));
  if (person.data === undefined) {
    return person.error ? (
      <ProblemNotice problem={person.error} retry={() => void person.refetch()} />
    ) : (
      <Loading />
    );
  }
  return <Whole key={id} person={person.data} />;
}

function Whole({ person }: { person: Person }) {
  const { t } = useTranslation('setup');
  const session = useSession();
  const managers = useQuery(managersQuery(person.id));
  const title = person.erased ? t('people.erased') : person.name;
  useTitle(title);
  const place = usePlace(person);
  const stands = person.employed && !person.erased;
  return (
    <>
      <PageHead title={title} lead={person.employed ? place : t('people.leftLong')} />
      <div className={styles.actions}>
        <PersonLinks person={person.id} name={title} />
        {managers.data?.includes(person.id) === true && (
          <Link to="/people/$person/team" params={{ person: person.id }}>
            {t('people.team')}
          </Link>
        )}
      </div>
      <section className={styles.section} aria-labelledby="spells">
        <h2 id="spells">{t('people.spells')}</h2>
        <Spells id={person.id} />
      </section>
      {!person.erased && (
        <section className={styles.section} aria-labelledby="arrange">
          <h2 id="arrange">{t('people.arrange')}</h2>
          <div className={styles.columns}>
            {stands && <MoveCard person={person} />}
            {session.administrator && (
              <div className={styles.stack}>
                <AccountCard person={person} />
                <RolesCard person={person} />
                {stands && <LeaveCard person={person} />}
              </div>
            )}
          </div>
        </section>
      )}
    </>
  );
}

function usePlace({ department, position, manager }: Pick<Spell, 'department' | 'position' | 'manager'>) {
  const { t } = useTranslation('setup');
  const formats = useFormats();
  const parts = [
    position?.title ? formats.text(position.title) : undefined,
    department?.name,
    manager ? t('people.reportsTo', { name: manager.name }) : undefined,
  ].filter((part) => part !== undefined);
  return parts.length === 0 ? t('people.nowhere') : parts.join(' · ');
}

function Spells({ id }: { id: string }) {
  const { t } = useTranslation('setup');
  const spells = useQuery(spellsQuery(id));
  if (spells.data === undefined) {
    return spells.error ? (
      <ProblemNotice problem={spells.error} retry={() => void spells.refetch()} />
    ) : (
      <Loading />
    );
  }
  if (spells.data.length === 0) {
    return <p className={styles.quiet}>{t('people.noSpells')}</p>;
  }
  return (
    <ol className={styles.list}>
      {spells.data.toReversed().map((spell) => (
        <li key={spell.sequence} className={styles.row}>
          <SpellRow spell={spell} />
        </li>
      ))}
    </ol>
  );
}

function SpellRow({ spell }: { spell: Spell }) {
  const { t } = useTranslation('setup');
  const formats = useFormats();
  const place = usePlace(spell);
  const from = formats.day(spell.from);
  return (
    <>
      <span className={styles.name}>
        {spell.until == null
          ? t('people.fromOn', { from })
          : t('people.fromUntil', { from, until: formats.day(dayBefore(spell.until)) })}
      </span>
      <span className={styles.quiet}>{spell.employed ? place : t('people.left')}</span>
    </>
  );
}

const DAY = 86_400_000;

/** The host names the first day on which something holds no longer; people say the last one on which it does. */
const dayBefore = (day: string) => new Date(Date.parse(day) - DAY).toISOString().slice(0, 10);
