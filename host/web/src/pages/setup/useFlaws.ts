import type { FormInstance } from 'antd';
import { useEffect } from 'react';
import { Problem } from '../../api/problem.ts';

/** Shows what the host says about a field at that field. What it says about no field stays with the notice. */
export function useFlaws(form: FormInstance, problem: unknown, fields: readonly string[]) {
  useEffect(() => {
    if (!(problem instanceof Problem)) {
      return;
    }
    for (const { field, detail } of problem.details?.errors ?? []) {
      if (field != null && fields.includes(field)) {
        form.setFields([{ name: field, errors: [detail] }]);
      }
    }
  }, [form, problem, fields]);
}
