import { CheckOutlined, ClockCircleOutlined, MessageOutlined, RollbackOutlined } from '@ant-design/icons';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button } from 'antd';
import { useCallback, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { dayQuery, finishTask, reopenTask, type PersonDay, type Task } from '../../api/day.ts';
import type { Question } from '../../api/questions.ts';
import { useFormats } from '../../language/formats.ts';
import { ActionButton } from '../../parts/ActionButton.tsx';
import { Panel } from '../../parts/Panel.tsx';
import { ProblemNotice } from '../../parts/ProblemNotice.tsx';
import styles from './ToDos.module.css';

/** Tasks that are shown before somebody asks for all; those that are due first come first. */
const TASKS_AT_ONCE = 6;

/** How long one can take back that a task is done, in milliseconds. */
const UNDO_FOR = 10_000;

/** What waits for the person: questions about numbers, and tasks. */
export function ToDos({ day }: { day: PersonDay }) {
  const { t } = useTranslation('day');
  const [all, setAll] = useState(false);
  const [finished, setFinished] = useState<Task[]>([]);
  const forget = useCallback((id: string) => {
    setFinished((known) => known.filter((task) => task.id !== id));
  }, []);
  const open = day.tasks.filter(({ id }) => !finished.some((task) => task.id === id));
  const tasks = all ? open : open.slice(0, TASKS_AT_ONCE);
  const questions = day.questions.newest;
  const questionCount = day.questions.waiting + day.questions.answered;
  const isEmpty = open.length === 0 && questions.length === 0 && finished.length === 0;
  return (
    <Panel label={t('todos')} className={styles.todos}>
      <h2>{t('todos')}</h2>
      {isEmpty && <p className={styles.quiet}>{t('allDone')}</p>}
      <ul>
        {questions.map((question) => (
          <QuestionItem key={question.id} question={question} />
        ))}
        {tasks.map((task) => (
          <TaskItem
            key={task.id}
            task={task}
            day={day}
            finished={() => {
              setFinished((known) => [...known, task]);
            }}
          />
        ))}
        {finished.map((task) => (
          <FinishedItem key={task.id} task={task} day={day} gone={forget} />
        ))}
      </ul>
      {(open.length > tasks.length || questionCount > questions.length) && (
        <div className={styles.more}>
          {open.length > tasks.length && (
            <Button
              type="text"
              size="small"
              onClick={() => {
                setAll(true);
              }}
            >
              {t('allTasks', { count: open.length })}
            </Button>
          )}
          {questionCount > questions.length && (
            <Link to="/questions">{t('allQuestions', { count: questionCount })}</Link>
          )}
        </div>
      )}
    </Panel>
  );
}

function QuestionItem({ question }: { question: Question }) {
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
        <Link to="/questions/$id" params={{ id: question.id }}>
          {text}
        </Link>
        <p className={styles.quiet}>{question.text}</p>
      </div>
    </li>
  );
}

type TaskProps = { task: Task; day: PersonDay; finished: () => void };

function TaskItem({ task, day, finished }: TaskProps) {
  const { t } = useTranslation('day');
  const formats = useFormats();
  const memory = useQueryClient();
  const finishing = useMutation({
    mutationFn: () => finishTask(task.id),
    onSuccess: () => {
      finished();
      return memory.invalidateQueries({ queryKey: dayQuery(day.person).queryKey });
    },
  });
  const due =
    task.due == null
      ? undefined
      : task.due === day.today
        ? t('dueToday')
        : t(task.late ? 'late' : 'due', { day: formats.shortDay(task.due) });
  return (
    <li className={styles.item} data-pressing={task.late || task.due === day.today ? '' : undefined}>
      {task.may_finish ? (
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
      ) : (
        <span className={styles.sign} aria-hidden="true">
          <ClockCircleOutlined />
        </span>
      )}
      <div className={styles.what}>
        <p>{task.title}</p>
        {due !== undefined && <p className={styles.due}>{due}</p>}
        {!task.may_finish && <p className={styles.quiet}>{t('endsElsewhere')}</p>}
        {finishing.error !== null && <ProblemNotice problem={finishing.error} />}
      </div>
    </li>
  );
}

type FinishedProps = { task: Task; day: PersonDay; gone: (id: string) => void };

/** A task that was just finished: for some seconds that can be taken back. Whoever is at the button keeps it. */
function FinishedItem({ task, day, gone }: FinishedProps) {
  const { t } = useTranslation('day');
  const memory = useQueryClient();
  const [held, setHeld] = useState(false);
  const reopening = useMutation({
    mutationFn: () => reopenTask(task.id),
    onSuccess: async () => {
      await memory.invalidateQueries({ queryKey: dayQuery(day.person).queryKey });
      gone(task.id);
    },
  });
  const stays = held || !reopening.isIdle;
  useEffect(() => {
    if (stays) {
      return undefined;
    }
    const timer = setTimeout(gone, UNDO_FOR, task.id);
    return () => {
      clearTimeout(timer);
    };
  }, [stays, gone, task.id]);
  return (
    <li className={styles.item}>
      <span className={styles.sign} aria-hidden="true">
        <CheckOutlined />
      </span>
      <div className={styles.what}>
        <p role="status" className={styles.quiet}>
          {t('doneAbout', { title: task.title })}
        </p>
        <ActionButton
          type="text"
          size="small"
          icon={<RollbackOutlined />}
          isBusy={reopening.isPending}
          aria-label={t('undoAbout', { title: task.title })}
          onFocus={() => {
            setHeld(true);
          }}
          onBlur={() => {
            setHeld(false);
          }}
          onClick={() => {
            reopening.mutate();
          }}
        >
          {t('undo')}
        </ActionButton>
        {reopening.error !== null && <ProblemNotice problem={reopening.error} />}
      </div>
    </li>
  );
}
