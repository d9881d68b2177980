// Does the same for many, a bounded number at a time.

/** What `make` makes of each item, in their order, no more than `most` at a time. */
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
