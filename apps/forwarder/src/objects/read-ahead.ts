/**
 * What a task makes of each item, in the order of the items, with some of the tasks already under way: what waits for a network
 * does so at once. A task must not reject; those that are not taken are given back.
 */
export async function* readAhead<Item, Made>(
  items: readonly Item[],
  most: number,
  task: (item: Item) => Promise<Made>,
  giveBack: (made: Made) => void,
): AsyncGenerator<readonly [Item, Made], void, void> {
  const running: Promise<Made>[] = [];
  let next = 0;
  try {
    for (const item of items) {
      while (next < items.length && running.length < most) running.push(task(items[next++]!));
      yield [item, await running.shift()!];
    }
  } finally {
    for (const made of running) giveBack(await made);
  }
}
