/** Files of facts: looked at first, then imported as a job; and the mappings that say what their columns mean. */
import { queryOptions } from '@tanstack/react-query';
import { answer, client } from './client.ts';
import type { components } from './daybreak.ts';
import type { Job } from './jobs.ts';
import { whole } from './pages.ts';
import { Problem } from './problem.ts';

export type ImportPreview = components['schemas']['ImportPreview'];
export type RowFlaw = components['schemas']['RowFlaw'];
export type PreviewRow = components['schemas']['PreviewRowView'];

const PAGE = 200;

export const mappingsQuery = queryOptions({
  queryKey: ['mappings', 'list'],
  queryFn: ({ signal }) =>
    whole((after) =>
      answer(client.GET('/api/v1/mappings', { params: { query: { ...after, limit: PAGE } }, signal })),
    ),
});

export const mappingQuery = (name: string) =>
  queryOptions({
    queryKey: ['mappings', 'one', name],
    queryFn: ({ signal }) =>
      answer(client.GET('/api/v1/mappings/{name}', { params: { path: { name } }, parseAs: 'text', signal })),
  });

export const setMapping = (name: string, text: string) =>
  answer(
    client.PUT('/api/v1/mappings/{name}', {
      params: { path: { name } },
      body: text,
      bodySerializer: (body) => body,
      headers: { 'content-type': 'text/plain' },
    }),
  );

const CSV = 'text/csv';
const WORKBOOK = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

/** What every workbook begins with: it is a ZIP archive. */
const ARCHIVE = [0x50, 0x4b];

/** What a file is, by its content and not by its name. */
export async function kindOf(file: Blob): Promise<string> {
  const begin = new Uint8Array(await file.slice(0, ARCHIVE.length).arrayBuffer());
  return ARCHIVE.every((byte, place) => begin[place] === byte) ? WORKBOOK : CSV;
}

export type ImportOrder = { file: Blob; mapping: string; delimiter: string };

/** Browsers give a file out only as it was when it was chosen. */
export class FileChanged extends Error {
  override readonly name = 'FileChanged';
}

async function sent({ file, mapping, delimiter }: ImportOrder) {
  return {
    query: { mapping, delimiter },
    // The document calls the bytes of a file a string.
    body: file as unknown as string,
    bodySerializer: (body: string) => body as unknown as Blob,
    headers: { 'content-type': await kindReadable(file) },
  };
}

async function kindReadable(file: Blob): Promise<string> {
  try {
    return await kindOf(file);
  } catch {
    throw new FileChanged();
  }
}

/** A file that changes while it is sent ends the request as a lost connection does. */
async function toldApart<T>(order: ImportOrder, sending: Promise<T>): Promise<T> {
  try {
    return await sending;
  } catch (error) {
    if (error instanceof Problem && error.word === 'unreachable') {
      await kindReadable(order.file);
    }
    throw error;
  }
}

export async function previewImport(order: ImportOrder): Promise<ImportPreview> {
  const { query, ...request } = await sent(order);
  return toldApart(order, answer(client.POST('/api/v1/imports/preview', { params: { query }, ...request })));
}

export async function createImport(order: ImportOrder, skipBadRows: boolean): Promise<Job> {
  const { query, ...request } = await sent(order);
  const params = { query: { ...query, skip_bad_rows: skipBadRows } };
  return toldApart(order, answer(client.POST('/api/v1/imports', { params, ...request })));
}
