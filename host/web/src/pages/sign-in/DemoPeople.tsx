import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { signInAs, type DemoPerson } from '../../api/ways.ts';
import { useFormats } from '../../language/formats.ts';
import { ActionButton } from '../../parts/ActionButton.tsx';
import { ProblemNotice } from '../../parts/ProblemNotice.tsx';
import styles from './SignInPage.module.css';

/** In a demonstration: one button for each role. */
export function DemoPeople({ people, entered }: { people: DemoPerson[]; entered: () => Promise<void> }) {
  const { t } = useTranslation('signIn');
  const formats = useFormats();
  const attempt = useMutation({ mutationFn: signInAs, onSuccess: entered });
  return (
    <section className={styles.demo} aria-label={t('demo.title')}>
      <h2>{t('demo.title')}</h2>
      <p className={styles.demoLead}>{t('demo.lead')}</p>
      {attempt.error !== null && <ProblemNotice problem={attempt.error} />}
      <ul className={styles.people}>
        {people.map(({ person, name, position, department, roles, reports }) => {
          const strongest = roles.at(-1) ?? 'employee';
          const title = position?.title ? formats.text(position.title) : undefined;
          const leads = reports > 0 ? t('demo.reports', { count: reports }) : undefined;
          const facts = [name, title, department?.name, leads].filter((fact) => fact !== undefined);
          return (
            <li key={person}>
              <ActionButton
                block
                className={styles.person ?? ''}
                isBusy={attempt.isPending && attempt.variables === person}
                disabled={attempt.isPending && attempt.variables !== person}
                aria-label={`${t(`demo.role.${strongest}`)}: ${t('demo.as', { name })}`}
                onClick={() => {
                  attempt.mutate(person);
                }}
              >
                <span>
                  <span className={styles.role}>{t(`demo.role.${strongest}`)}</span>
                  <span className={styles.who}>{facts.join(' · ')}</span>
                </span>
              </ActionButton>
            </li>
          );
        })}
      </ul>
      <p className={styles.or}>{t('demo.or')}</p>
    </section>
  );
}
