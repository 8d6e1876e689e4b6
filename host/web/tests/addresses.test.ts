/** The host answers 404 for an address that `pages.json` does not list, so the list has to be that of the router. */
import { readFileSync } from 'node:fs';
import type { AnyRoute } from '@tanstack/react-router';
import { expect, test } from 'vitest';
import { router } from '../src/app/router.tsx';

function addresses(route: AnyRoute): string[] {
  const children = Object.values((route.children ?? {}) as Record<string, AnyRoute>);
  return children.length === 0 ? [route.fullPath as string] : children.flatMap(addresses);
}

test('every page is listed for the host', () => {
  const listed = JSON.parse(readFileSync('pages.json', 'utf8')) as string[];
  expect([...listed].sort()).toEqual(addresses(router.routeTree).sort());
});
