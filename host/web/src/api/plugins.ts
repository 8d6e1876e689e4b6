/** The installed plugins: their versions, what they read, who uses them and how they failed. */
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { answer, client } from './client.ts';
import type { components } from './daybreak.ts';
import { pages, whole } from './pages.ts';

export type Plugin = components['schemas']['Plugin'];
export type PluginInFull = components['schemas']['PluginInFull'];
export type PluginKind = components['schemas']['PluginKind'];
export type PluginInstalled = components['schemas']['PluginInstalled'];
export type PluginUse = components['schemas']['PluginUse'];
export type Fault = components['schemas']['Fault'];

const PAGE = 200;
const FAULTS_PAGE = 20;

export const pluginsQuery = queryOptions({
  queryKey: ['plugins', 'list'],
  queryFn: ({ signal }) =>
    whole((after) =>
      answer(client.GET('/api/v1/plugins', { params: { query: { ...after, limit: PAGE } }, signal })),
    ),
});

export const pluginQuery = (name: string) =>
  queryOptions({
    queryKey: ['plugins', 'one', name],
    queryFn: ({ signal }) =>
      answer(client.GET('/api/v1/plugins/{name}', { params: { path: { name } }, signal })),
  });

export const faultsQuery = infiniteQueryOptions({
  queryKey: ['plugins', 'faults'],
  ...pages((after, signal) =>
    answer(client.GET('/api/v1/faults', { params: { query: { ...after, limit: FAULTS_PAGE } }, signal })),
  ),
});

/** Sends the component itself; the host checks and compiles it before anything of it runs. */
export const installPlugin = (file: Blob): Promise<PluginInstalled> =>
  answer(
    client.POST('/api/v1/plugins', {
      // The document calls the bytes of a component a string.
      body: file as unknown as string,
      bodySerializer: (body) => body as unknown as Blob,
      headers: { 'content-type': 'application/wasm' },
    }),
  );
