/** What there is to say about somebody, in plain sentences with a next step. */
import type { TFunction } from 'i18next';
import type { components } from '../../api/daybreak.ts';
import type { Question, TeamReason } from '../../api/team.ts';
import type { Formats } from '../../language/formats.ts';

export type Word = {
  key: string;
  text: string;
  next: string;
  tone: components['schemas']['Tone'];
  /** The task titles, or whatever else stands behind it. */
  details: string[];
  /** The question that it is, where it is one. */
  question?: string;
};

export function wordOf(reason: TeamReason, t: TFunction<'team'>, formats: Formats): Word {
  switch (reason.code) {
    case 'alert': {
      const sentence = formats.text(reason.sentence);
      const name = reason.subject_name;
      const text = name == null ? sentence : t('reason.alertAbout', { name, sentence });
      return { key: `alert-${reason.alert}`, text, next: t('reason.alertNext'), tone: 'act', details: [] };
    }
    case 'overdue-tasks':
      return {
        key: reason.code,
        text: t('reason.overdue', { count: reason.count }),
        next: t('reason.overdueNext'),
        tone: 'act',
        details: reason.tasks.map(({ title, due }) =>
          t('reason.task', { title, due: formats.shortDay(due) }),
        ),
      };
    case 'composite-fell':
      return {
        key: reason.code,
        text: t('reason.fell', {
          month: formats.month(reason.month),
          points: formats.points(reason.points),
          before: formats.points(reason.before),
          by: formats.points(reason.by),
        }),
        next: t('reason.fellNext'),
        tone: 'watch',
        details: [],
      };
    case 'not-computable':
      return {
        key: reason.code,
        text: t('reason.notComputable', { reason: formats.text(reason.reason) }),
        next: t('reason.notComputableNext'),
        tone: 'steady',
        details: [],
      };
    case 'silent':
      return {
        key: reason.code,
        text:
          reason.last_on == null
            ? t('reason.neverHeard')
            : t('reason.silent', { count: reason.days, day: formats.day(reason.last_on) }),
        next: t('reason.silentNext'),
        tone: 'watch',
        details: [],
      };
  }
}

export function wordAbout(question: Question, t: TFunction<'team'>, formats: Formats): Word {
  const { about, asked_by } = question;
  const what = about.title ? formats.text(about.title) : t('composite');
  return {
    key: question.id,
    text: t('reason.question', { name: asked_by.name, what, month: formats.month(about.period) }),
    next: t('reason.questionNext'),
    tone: 'act',
    details: [t('reason.quoted', { text: question.text })],
    question: question.id,
  };
}
