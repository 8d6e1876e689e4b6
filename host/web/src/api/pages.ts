/** Lists that the host hands out page by page, each with a mark for where the next one begins. */

type Page<T> = { items: T[]; next?: string | null };

/** Where a page begins; nothing for the first one. */
type After = { after?: string };

/** The part of an infinite query's options that is the same for every list. */
export function pages<T>(read: (after: After, signal: AbortSignal) => Promise<Page<T>>) {
  return {
    queryFn: ({ pageParam, signal }: { pageParam: string; signal: AbortSignal }) =>
      read(pageParam === '' ? {} : { after: pageParam }, signal),
    initialPageParam: '',
    getNextPageParam: (page: Page<T>) => page.next ?? undefined,
  };
}

/** Most pages that are read one after the other for a list that is wanted whole. */
const WHOLE_MAX = 20;

/** A list as a whole, as far as it has no more pages than a page of ours could show. */
export async function whole<T>(read: (after: After) => Promise<Page<T>>): Promise<T[]> {
  const items: T[] = [];
  let after: After = {};
  for (let number = 0; number < WHOLE_MAX; number += 1) {
    const page = await read(after);
    items.push(...page.items);
    if (page.next == null) {
      break;
    }
    after = { after: page.next };
  }
  return items;
}
