import { DownOutlined, UpOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { DayCard } from '../../api/day.ts';
import { Cards } from './Dimension.tsx';
import styles from './Others.module.css';

/** Indicators that are on no scorecard. They count nowhere, so they wait behind a button. */
export function Others({ cards, person }: { cards: DayCard[]; person: string }) {
  const { t } = useTranslation('day');
  const [open, setOpen] = useState(false);
  const place = useId();
  return (
    <div className={styles.others}>
      <Button
        type="text"
        icon={open ? <UpOutlined /> : <DownOutlined />}
        aria-expanded={open}
        aria-controls={place}
        onClick={() => {
          setOpen(!open);
        }}
      >
        {open ? t('hideOthers') : t('showOthers', { count: cards.length })}
      </Button>
      <div id={place}>{open && <Cards cards={cards} person={person} />}</div>
    </div>
  );
}
