/** The tree of departments, how many people are in each, and positions. */
import { queryOptions } from '@tanstack/react-query';
import { answer, client } from './client.ts';
import type { components } from './daybreak.ts';
import { whole } from './pages.ts';

export type Department = components['schemas']['Department'];
export type DepartmentSetting = components['schemas']['DepartmentSetting'];
export type Headcount = components['schemas']['Headcount'];
export type Position = components['schemas']['Position'];

const PAGE = 500;

export const departmentsQuery = queryOptions({
  queryKey: ['departments', 'list'],
  queryFn: ({ signal }) =>
    whole((after) =>
      answer(client.GET('/api/v1/departments', { params: { query: { ...after, limit: PAGE } }, signal })),
    ),
});

export const headcountQuery = queryOptions({
  queryKey: ['departments', 'headcount'],
  queryFn: ({ signal }) => answer(client.GET('/api/v1/headcount', { signal })),
});

export const positionsQuery = queryOptions({
  queryKey: ['positions', 'list'],
  queryFn: ({ signal }) =>
    whole((after) =>
      answer(client.GET('/api/v1/positions', { params: { query: { ...after, limit: PAGE } }, signal })),
    ),
});

export const setDepartment = (id: string, body: DepartmentSetting) =>
  answer(client.PUT('/api/v1/departments/{id}', { params: { path: { id } }, body }));

export const closeDepartment = (id: string) =>
  answer(client.DELETE('/api/v1/departments/{id}', { params: { path: { id } } }));
