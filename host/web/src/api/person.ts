/** Who somebody is: name, department, position, manager. */
import { queryOptions } from '@tanstack/react-query';
import { answer, client } from './client.ts';

export const personQuery = (id: string) =>
  queryOptions({
    queryKey: ['person', id],
    queryFn: ({ signal }) => answer(client.GET('/api/v1/people/{id}', { params: { path: { id } }, signal })),
    staleTime: 300_000,
  });

/** The departments of those whom the caller sees, the caller's own first. */
export const departmentsQuery = (person: string) =>
  queryOptions({
    queryKey: ['departments-seen', person],
    queryFn: async ({ signal }) => {
      const query = { limit: 500 };
      const { items } = await answer(client.GET('/api/v1/people', { params: { query }, signal }));
      const own = items.filter(({ id }) => id === person);
      const found = new Map<string, string>();
      for (const { department } of [...own, ...items]) {
        if (department) {
          found.set(department.id, department.name);
        }
      }
      return [...found].map(([id, name]) => ({ id, name }));
    },
    staleTime: 300_000,
  });
