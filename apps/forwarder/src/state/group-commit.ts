import type { StateTransaction } from "./state-database.ts";

/** One connection's transactions. */
export interface TransactionEngine {
  readonly statements: StateTransaction;
  begin(): Promise<void>;
  /** Throws {@link OutcomeUnknown} where the transaction may have been committed. */
  commit(): Promise<void>;
  rollback(): Promise<void>;
  /** Whether an error is not of one transaction's statements but would stop every other too. */
  concernsAll(error: unknown): boolean;
  /** Whether the same transaction may pass a moment later: it stood in another's way. */
  isTransient(error: unknown): boolean;
}

/** A commit that was not answered: it may be on stable storage or not, so it must not be done again. */
export class OutcomeUnknown extends Error {
  constructor(cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

interface Job {
  readonly kind: "write" | "read";
  readonly work: (statements: StateTransaction) => Promise<unknown>;
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** Of a transaction that stands in another's way. */
const attempts = 3;

/** In one transaction at most. */
const most = 100;

/**
 * Writes the transactions that wait in one: one sync for all of them. Where one fails, each is done once more by itself, so
 * that the others do not fail with it.
 */
export class GroupCommit {
  readonly #engine: TransactionEngine;
  #waiting: Job[] = [];
  #running: Promise<void> | undefined;

  constructor(engine: TransactionEngine) {
    this.#engine = engine;
  }

  /** Resolves when nothing is being written; undefined where that is now. */
  get idle(): Promise<void> | undefined {
    return this.#running;
  }

  /** All of it or nothing. */
  transaction<T>(work: (statements: StateTransaction) => Promise<T>): Promise<T> {
    return this.#queue("write", work);
  }

  /** In its turn, when nothing is being written. */
  read<T>(work: (statements: StateTransaction) => Promise<T>): Promise<T> {
    return this.#queue("read", work);
  }

  #queue<T>(kind: Job["kind"], work: (statements: StateTransaction) => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- resolved with what `work` answered
      this.#waiting.push({ kind, work, resolve: resolve as (answer: unknown) => void, reject });
      this.#running ??= this.#run();
    });
  }

  async #run(): Promise<void> {
    // What comes in the same turn shares a commit.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#waiting.length > 0) {
      const reads = this.#waiting.findIndex(({ kind }) => kind === "read");
      if (reads === 0) {
        await this.#read(this.#waiting.shift()!);
        continue;
      }
      const jobs = this.#waiting.splice(0, reads < 0 ? most : Math.min(most, reads));
      const failure = await this.#write(jobs);
      if (failure === undefined) continue;
      if (failure.isForAll || (jobs.length === 1 && !this.#engine.isTransient(failure.error)))
        for (const { reject } of jobs) reject(failure.error);
      else for (const job of jobs) await this.#writeAlone(job);
    }
    this.#running = undefined;
  }

  async #writeAlone(job: Job): Promise<void> {
    for (let left = attempts; left > 0; left--) {
      const failure = await this.#write([job]);
      if (failure === undefined) return;
      if (left > 1 && !failure.isForAll && this.#engine.isTransient(failure.error)) continue;
      return job.reject(failure.error);
    }
  }

  async #read({ work, resolve, reject }: Job): Promise<void> {
    try {
      resolve(await work(this.#engine.statements));
    } catch (error) {
      reject(error);
    }
  }

  /** Answers why nothing was written, and whether that would be so for any other too; undefined when all was written. */
  async #write(jobs: readonly Job[]): Promise<{ readonly error: unknown; readonly isForAll: boolean } | undefined> {
    const engine = this.#engine;
    const answers: unknown[] = [];
    try {
      await engine.begin();
    } catch (error) {
      return { error, isForAll: true };
    }
    try {
      for (const { work } of jobs) answers.push(await work(engine.statements));
      await engine.commit();
    } catch (error) {
      if (error instanceof OutcomeUnknown) return { error: error.cause, isForAll: true };
      return { error: await this.#rolledBack(error), isForAll: engine.concernsAll(error) };
    }
    for (const [index, { resolve }] of jobs.entries()) resolve(answers[index]);
    return undefined;
  }

  /** What failed, or that it could not be taken back. */
  async #rolledBack(error: unknown): Promise<unknown> {
    try {
      await this.#engine.rollback();
      return error;
    } catch (second) {
      return second;
    }
  }
}
