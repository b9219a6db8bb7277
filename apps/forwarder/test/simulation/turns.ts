const realImmediate = globalThis.setImmediate;

/** What asked for its turn and has not had it. */
let waiting: (() => void)[] = [];

const ask = (callback: (...values: unknown[]) => void, ...values: unknown[]) => {
  waiting.push(() => callback(...values));
};

/** Runs something in which each turn of the event loop is given by {@link settled}, so that the order is the same whenever it runs. */
export async function inTurns<T>(work: () => Promise<T>): Promise<T> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- nobody asks for what it answers
  globalThis.setImmediate = ask as unknown as typeof setImmediate;
  const { stackTraceLimit } = Error;
  // Errors and aborts are the bulk of what happens here, and nobody looks where they come from.
  Error.stackTraceLimit = 0;
  try {
    return await work();
  } finally {
    globalThis.setImmediate = realImmediate;
    Error.stackTraceLimit = stackTraceLimit;
    waiting = [];
  }
}

/** More than anything takes that comes to rest. */
const mostTurns = 1000;

/** Resolves once every promise that can go on has, and every turn that was asked for is over. Rejects where there is no end of it. */
export async function settled(): Promise<void> {
  for (let turns = 0; turns < mostTurns; turns++) {
    // Every promise that can go on does so before the event loop turns.
    await new Promise<void>((resolve) => void realImmediate(resolve));
    if (waiting.length === 0) return;
    for (const turn of waiting.splice(0)) turn();
  }
  throw new Error("What runs does not come to rest: it works without an end while no time passes.");
}
