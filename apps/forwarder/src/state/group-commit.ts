import type { StateTransaction } from "./state-database.ts";

/** One connection's transactions. */
export interface TransactionEngine {
  readonly statements: StateTransaction;
  begin(): Promise<void>;
  /** Throws {@link OutcomeUnknown} where the transaction may have been committed. */
  commit(): Promise<void>;
  rollback(): Promise<void>;
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
      if (jobs.length === 1 || failure.error instanceof OutcomeUnknown)
        for (const job of jobs) job.reject(failure.error);
      else
        for (const job of jobs) {
          const alone = await this.#write([job]);
          if (alone !== undefined) job.reject(alone.error);
        }
    }
    this.#running = undefined;
  }

  async #read({ work, resolve, reject }: Job): Promise<void> {
    try {
      resolve(await work(this.#engine.statements));
    } catch (error) {
      reject(error);
    }
  }

  /** Answers why nothing was written; undefined when all was. */
  async #write(jobs: readonly Job[]): Promise<{ readonly error: unknown } | undefined> {
    const answers: unknown[] = [];
    try {
      await this.#engine.begin();
      try {
        for (const { work } of jobs) answers.push(await work(this.#engine.statements));
        await this.#engine.commit();
      } catch (error) {
        if (!(error instanceof OutcomeUnknown)) await this.#engine.rollback();
        throw error;
      }
    } catch (error) {
      return { error };
    }
    for (const [index, { resolve }] of jobs.entries()) resolve(answers[index]);
    return undefined;
  }
}
