import { text } from "./column.ts";
import type { Row, StateDatabase, StateTransaction } from "./state-database.ts";

/** What is to be read again. */
export interface BackfillRequest {
  /** Of the integration. */
  readonly name: string;
  readonly adapter: string;
  /** Digest of what the poller reads, as in `polled`; empty where files are read. */
  readonly reads: string;
  /** RFC 3339; empty where files are read. */
  readonly since: string;
  /** RFC 3339; undefined: until the vendor has no more. */
  readonly until: string | undefined;
  /** Absolute paths and patterns; empty where the poller reads. */
  readonly files: readonly string[];
}

/** A request, and how far it has come. */
export interface Backfill extends BackfillRequest {
  readonly id: number;
  readonly state: "asked" | "running" | "done" | "failed" | "cancelled";
  /** JSON; undefined before the first page. */
  readonly cursor: string | undefined;
  /** Stored: pages of the API, or chunks of files. */
  readonly pages: number;
  readonly frames: number;
  /** ms since 1970. */
  readonly askedAt: number;
  readonly at: number;
  /** Why it failed. */
  readonly code: string | undefined;
  readonly message: string | undefined;
}

/** One more page of a backfill; committed together with its records. */
export interface BackfillStep {
  readonly id: number;
  readonly cursor: string | undefined;
  readonly frames: number;
  readonly at: number;
}

const unfinished = "state IN ('asked', 'running')";

/** Requests to read the past again, for whoever runs the integration. */
export class Backfills {
  readonly #database: StateDatabase;

  constructor(database: StateDatabase) {
    this.#database = database;
  }

  /** Asks for one; an equal one that is not done is gone on with, from where it is. @param at ms since 1970 */
  async ask(request: BackfillRequest, at: number): Promise<Backfill> {
    const { name, adapter, reads, since, until, files } = request;
    const same = [name, adapter, reads, since, until ?? "", JSON.stringify(files)];
    const id = await this.#database.transaction(async (transaction) => {
      const find = () =>
        transaction.get(
          `SELECT id, state FROM backfill WHERE name = ? AND adapter = ? AND reads = ? AND since = ? AND until = ? AND files = ?
            AND state IN ('asked', 'running', 'failed') ORDER BY id DESC LIMIT 1`,
          ...same,
        );
      const known = await find();
      if (known === undefined)
        await transaction.insert(
          "backfill (name, adapter, reads, since, until, files, state, pages, frames, asked_at, at)",
          [[...same, "asked", 0, 0, at, at]],
        );
      else if (known["state"] === "failed")
        await transaction.run(
          "UPDATE backfill SET state = 'asked', code = NULL, message = NULL, at = ? WHERE id = ?",
          at,
          Number(known["id"]),
        );
      return Number((await find())?.["id"]);
    });
    return (await this.one(id))!;
  }

  async one(id: number): Promise<Backfill | undefined> {
    const row = await this.#database.get("SELECT * FROM backfill WHERE id = ?", id);
    return row && backfill(row);
  }

  /** The newest first. @param name of an integration; undefined: of all */
  async all(name?: string): Promise<readonly Backfill[]> {
    const rows = await this.#database.all(
      `SELECT * FROM backfill ${name === undefined ? "" : "WHERE name = ?"} ORDER BY id DESC LIMIT 1000`,
      ...(name === undefined ? [] : [name]),
    );
    return rows.map(backfill);
  }

  /** The first of an integration that is not finished. */
  async next(name: string, adapter: string): Promise<Backfill | undefined> {
    const row = await this.#database.get(
      `SELECT * FROM backfill WHERE ${unfinished} AND name = ? AND adapter = ? ORDER BY id LIMIT 1`,
      name,
      adapter,
    );
    return row && backfill(row);
  }

  /** Ends one that is not finished; answers whether it was. @param at ms since 1970 */
  async end(
    id: number,
    state: "done" | "failed" | "cancelled",
    at: number,
    reason?: { readonly code: string; readonly message: string },
  ): Promise<boolean> {
    const changed = await this.#database.transaction(async (transaction) => {
      // The places in its files are of no use to any other.
      await transaction.run("DELETE FROM cursor WHERE source LIKE ?", `backfill:${id}:%`);
      return transaction.run(
        `UPDATE backfill SET state = ?, at = ?, code = ?, message = ? WHERE id = ? AND ${unfinished}`,
        state,
        at,
        reason?.code ?? null,
        reason?.message.slice(0, 1024) ?? null,
        id,
      );
    });
    return changed > 0;
  }

  /** Writes a step down, inside the transaction of its records. Throws where it was cancelled. */
  static async step(transaction: StateTransaction, { id, cursor, frames, at }: BackfillStep): Promise<void> {
    const changed = await transaction.run(
      `UPDATE backfill SET state = 'running', cursor = ?, pages = pages + 1, frames = frames + CAST(? AS BIGINT), at = ?
        WHERE id = ? AND ${unfinished}`,
      cursor ?? null,
      frames,
      at,
      id,
    );
    if (changed === 0) throw new Error(`The backfill ${id} was cancelled.`);
  }
}

function backfill(row: Row): Backfill {
  const files: readonly string[] = JSON.parse(String(row["files"]));
  const until = String(row["until"]);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- nothing else is written
  const state = String(row["state"]) as Backfill["state"];
  return {
    id: Number(row["id"]),
    name: String(row["name"]),
    adapter: String(row["adapter"]),
    reads: String(row["reads"]),
    since: String(row["since"]),
    until: until === "" ? undefined : until,
    files,
    state,
    cursor: text(row["cursor"]),
    pages: Number(row["pages"]),
    frames: Number(row["frames"]),
    askedAt: Number(row["asked_at"]),
    at: Number(row["at"]),
    code: text(row["code"]),
    message: text(row["message"]),
  };
}
