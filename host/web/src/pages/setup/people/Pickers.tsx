/** Fields in which a person, a department or a position is chosen. They take their value from the form around them. */
import { useQuery } from '@tanstack/react-query';
import { Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { departmentsQuery, positionsQuery } from '../../../api/departments.ts';
import { foundPeopleQuery } from '../../../api/people.ts';
import { useFormats } from '../../../language/formats.ts';
import { useSettled } from './useSettled.ts';

type Props = {
  id?: string;
  value?: string | undefined;
  onChange?: (value: string | undefined) => void;
  placeholder?: string;
  'aria-label'?: string;
};

type PersonProps = Props & {
  /** Who is chosen already: their name may not be among those that were found. */
  known?: { id: string; name: string } | null | undefined;
};

export function PersonPicker({ known, ...props }: PersonProps) {
  const { t } = useTranslation('setup');
  const [typed, setTyped] = useState('');
  const name = useSettled(typed);
  const found = useQuery(foundPeopleQuery(name));
  const people = found.data ?? [];
  const options = people.map(({ id, name, department }) => ({
    value: id,
    label: department ? t('people.inDepartment', { name, department: department.name }) : name,
  }));
  if (known && name === '' && !people.some(({ id }) => id === known.id)) {
    options.unshift({ value: known.id, label: known.name });
  }
  return (
    <Select
      {...props}
      allowClear
      showSearch={{ filterOption: false, onSearch: setTyped }}
      loading={found.isFetching}
      options={options}
      notFoundContent={t('people.nobodyFound')}
    />
  );
}

export function DepartmentPicker(props: Props) {
  const departments = useQuery(departmentsQuery);
  return (
    <Select
      {...props}
      allowClear
      showSearch={{ optionFilterProp: 'label' }}
      loading={departments.isPending}
      options={departments.data?.map(({ id, name }) => ({ value: id, label: name })) ?? []}
    />
  );
}

export function PositionPicker(props: Props) {
  const formats = useFormats();
  const positions = useQuery(positionsQuery);
  return (
    <Select
      {...props}
      allowClear
      showSearch={{ optionFilterProp: 'label' }}
      loading={positions.isPending}
      options={positions.data?.map(({ id, title }) => ({ value: id, label: formats.text(title) })) ?? []}
    />
  );
}
