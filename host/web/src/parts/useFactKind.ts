import { useTranslation } from 'react-i18next';
import type texts from '../../locales/en.ts';

type Known = keyof typeof texts.parts.factKind;

/** Kinds that many companies have; each company may have others of its own, which are called what the company calls them. */
const KNOWN: Record<Known, true> = {
  visit: true,
  touchpoint: true,
  order: true,
  payment: true,
  answer: true,
  contact: true,
  feedback: true,
  'feedback-given': true,
  contribution: true,
  surgery: true,
  training: true,
  'stock-movement': true,
  'quality-check': true,
  'ticket-event': true,
  'ticket-rating': true,
  'approval-event': true,
  'debt-resolved': true,
  'task-created': true,
  'task-done': true,
  'task-cancelled': true,
};

/** What facts of a kind are called. */
export function useFactKind() {
  const { t } = useTranslation('parts');
  return (kind: string) => {
    const known = kind.replace('.', '-');
    return isKnown(known) ? t(`factKind.${known}`) : kind;
  };
}

function isKnown(kind: string): kind is Known {
  return Object.hasOwn(KNOWN, kind);
}
