import type { StateDatabase, StateReads, StateTransaction } from "../../src/state/state-database.ts";
import type { Row, SqlValue } from "../../src/state/state-database.ts";
import { diskFull } from "../../src/state/disk-full.ts";
import type { Leases } from "../../src/state/leases.ts";
import { TableLeases } from "./table-leases.ts";
import type { Timeline } from "./timeline.ts";

/**
 * What is wrong with the disk or the connection of a state. `full`: no room but what is kept back; `broken`: nothing is written;
 * `away`: a server that is not reached; `unanswered`: what is written is not answered.
 */
export const stateFaults = ["well", "full", "broken", "away", "unanswered"] as const;
export type StateFault = (typeof stateFaults)[number];

/** Where a process meets the world: it may be stopped there, or die, before the effect or after it. */
export interface Passage {
  /** @param counts whether a strike may be aimed at it */
  pass<T>(effect: () => Promise<T>, counts: boolean): Promise<T>;
}

const withCode = (message: string, code: object) => Object.assign(new Error(message), code);

/** A state as one process has it. */
export class ProcessState implements StateDatabase {
  fault: StateFault = "well";
  readonly leases: Leases | undefined;
  readonly #database: StateDatabase;
  readonly #passage: Passage;

  /** @param timeline of the clock of a database that several share; undefined for a file */
  constructor(database: StateDatabase, passage: Passage, timeline: Timeline | undefined) {
    this.#database = database;
    this.#passage = passage;
    this.leases =
      timeline &&
      new TableLeases(database, timeline, (work) =>
        passage.pass(async () => {
          this.#reach();
          return await work();
        }, true),
      );
  }

  all(sql: string, ...values: readonly SqlValue[]): Promise<readonly Row[]> {
    return this.#read(() => this.#database.all(sql, ...values));
  }

  get(sql: string, ...values: readonly SqlValue[]): Promise<Row | undefined> {
    return this.#read(() => this.#database.get(sql, ...values));
  }

  snapshot<T>(work: (reads: StateReads) => Promise<T>): Promise<T> {
    return this.#read(() => this.#database.snapshot(work));
  }

  nextChunk(): Promise<number> {
    return this.#read(() => this.#database.nextChunk());
  }

  size(): Promise<number> {
    return this.#read(() => this.#database.size());
  }

  transaction<T>(work: (transaction: StateTransaction) => Promise<T>, room?: "takes" | "gives"): Promise<T> {
    return this.#passage.pass(async () => {
      this.#reach();
      if (this.fault === "broken") throw withCode("disk I/O error", { errcode: 10 });
      if (this.fault === "full" && room === "takes") throw diskFull();
      if (this.fault === "full" && room === undefined) throw withCode("database or disk is full", { errcode: 13 });
      const answer = await this.#database.transaction(work, room);
      if (this.fault === "unanswered") throw withCode("Connection terminated", { code: "ECONNRESET" });
      return answer;
    }, true);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  #read<T>(work: () => Promise<T>): Promise<T> {
    return this.#passage.pass(() => {
      this.#reach();
      return work();
    }, false);
  }

  #reach(): void {
    if (this.fault === "away") throw withCode("connect ECONNREFUSED", { code: "ECONNREFUSED" });
  }
}
