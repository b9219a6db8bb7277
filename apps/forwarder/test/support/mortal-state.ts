import type { StateDatabase } from "../../src/state/state-database.ts";

/** A state whose process dies at one of its transactions, before its effect or after it, and then does nothing any more. */
export interface MortalState extends StateDatabase {
  readonly isDead: boolean;
  /** Resolves at its death. */
  readonly death: Promise<void>;
  /** Transactions so far. */
  readonly transactions: number;
}

/** `answers first` is a planted fault: the transaction is answered, and never written. */
export type Death = "before" | "after" | "answers first";

const never = () => new Promise<never>(() => undefined);

function withResolver(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  const made: { resolve?: () => void } = {};
  const promise = new Promise<void>((resolve) => (made.resolve = resolve));
  return { promise, resolve: () => made.resolve!() };
}

/** @param dieAt the how manyeth transaction; 0 for never */
export function mortalState(database: StateDatabase, dieAt: number, kind: Death): MortalState {
  const state = { isDead: false, transactions: 0 };
  const { promise: death, resolve: die } = withResolver();
  const alive = <T>(work: () => Promise<T>): Promise<T> => (state.isDead ? never() : work());
  return {
    get isDead() {
      return state.isDead;
    },
    get transactions() {
      return state.transactions;
    },
    death,
    all: (sql, ...values) => alive(() => database.all(sql, ...values)),
    get: (sql, ...values) => alive(() => database.get(sql, ...values)),
    snapshot: (work) => alive(() => database.snapshot(work)),
    size: () => alive(() => database.size()),
    nextChunk: () => alive(() => database.nextChunk()),
    transaction: (work, room) =>
      alive(async () => {
        if (++state.transactions !== dieAt) {
          const answer = await database.transaction(work, room);
          return state.isDead ? await never() : answer;
        }
        if (kind === "answers first") {
          let answer: { readonly value: Awaited<ReturnType<typeof work>> } | undefined;
          const undone = database.transaction(async (transaction) => {
            answer = { value: await work(transaction) };
            throw new Error("never written");
          });
          await undone.catch(() => undefined);
          setImmediate(() => {
            state.isDead = true;
            die();
          });
          if (answer !== undefined) return answer.value;
        }
        state.isDead = true;
        if (kind === "after") await database.transaction(work, room).catch(() => undefined);
        die();
        return await never();
      }),
    close: () => Promise.resolve(),
  };
}
