// Runs an asynchronous function on many items, a limited number at a time.

/** The results of `make` in the order of the items. At most `most` run at a time. */
export async function atOnce<Item, Result>(
  most: number,
  items: readonly Item[],
  make: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  const left = [...items.entries()];
  const work = async (): Promise<void> => {
    for (let next = left.shift(); next; next = left.shift()) results[next[0]] = await make(next[1]);
  };
  await Promise.all(Array.from({ length: most }, work));
  return results;
}
