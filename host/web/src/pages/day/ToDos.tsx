import { CheckOutlined, MessageOutlined } from '@ant-design/icons';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { dayQuery, finishTask, type PersonDay, type Task } from '../../api/day.ts';
import type { Question } from '../../api/questions.ts';
import { useFormats } from '../../language/formats.ts';
import { ActionButton } from '../../parts/ActionButton.tsx';
import { IndicatorLink } from '../../parts/IndicatorLink.tsx';
import { Panel } from '../../parts/Panel.tsx';
import { ProblemNotice } from '../../parts/ProblemNotice.tsx';
import styles from './ToDos.module.css';

/** Most tasks that are shown; those that are due first come first. */
const TASKS_MAX = 6;

/** What waits for the person: questions about numbers, and tasks. */
export function ToDos({ day }: { day: PersonDay }) {
  const { t } = useTranslation('day');
  const tasks = day.tasks.slice(0, TASKS_MAX);
  const questions = day.questions.newest;
  return (
    <Panel label={t('todos')} className={styles.todos}>
      <h2>{t('todos')}</h2>
      {tasks.length === 0 && questions.length === 0 && <p className={styles.quiet}>{t('allDone')}</p>}
      <ul>
        {questions.map((question) => (
          <QuestionItem key={question.id} question={question} person={day.person} />
        ))}
        {tasks.map((task) => (
          <TaskItem key={task.id} task={task} day={day} />
        ))}
      </ul>
    </Panel>
  );
}

function QuestionItem({ question, person }: { question: Question; person: string }) {
  const { t } = useTranslation('day');
  const formats = useFormats();
  const { about, state, changed_by: by } = question;
  const number = about.title ? formats.text(about.title) : t('compositeTitle');
  const text = t(state === 'answered' ? 'questionAnswered' : 'questionWaits', {
    name: by.name,
    about: number,
  });
  return (
    <li className={styles.item}>
      <span className={styles.sign} aria-hidden="true">
        <MessageOutlined />
      </span>
      <div className={styles.what}>
        {about.indicator ? (
          <IndicatorLink
            person={about.subject_kind === 'employee' ? about.subject : person}
            indicator={about.indicator}
          >
            {text}
          </IndicatorLink>
        ) : (
          <Link to="/questions/$id" params={{ id: question.id }}>
            {text}
          </Link>
        )}
        <p className={styles.quiet}>{question.text}</p>
      </div>
    </li>
  );
}

function TaskItem({ task, day }: { task: Task; day: PersonDay }) {
  const { t } = useTranslation('day');
  const formats = useFormats();
  const memory = useQueryClient();
  const finishing = useMutation({
    mutationFn: () => finishTask(task.id),
    onSuccess: () => memory.invalidateQueries({ queryKey: dayQuery(day.person).queryKey }),
  });
  const due =
    task.due == null
      ? undefined
      : task.due === day.today
        ? t('dueToday')
        : t(task.late ? 'late' : 'due', { day: formats.shortDay(task.due) });
  return (
    <li className={styles.item} data-pressing={task.late || task.due === day.today ? '' : undefined}>
      <ActionButton
        shape="circle"
        className={styles.finish ?? ''}
        icon={<CheckOutlined />}
        isBusy={finishing.isPending}
        aria-label={t('doneAbout', { title: task.title })}
        title={t('done')}
        onClick={() => {
          finishing.mutate();
        }}
      />
      <div className={styles.what}>
        <p>{task.title}</p>
        {due !== undefined && <p className={styles.due}>{due}</p>}
        {finishing.error !== null && <ProblemNotice problem={finishing.error} />}
      </div>
    </li>
  );
}
