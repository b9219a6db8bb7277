import { leaseLost } from "../../src/state/lease-lost.ts";
import type { Leases, Member, Sharing } from "../../src/state/leases.ts";
import type { StateDatabase, StateTransaction } from "../../src/state/state-database.ts";
import type { Timeline } from "./timeline.ts";

export const leaseTables = `CREATE TABLE lease (integration INTEGER PRIMARY KEY, holder TEXT, epoch INTEGER NOT NULL);
CREATE TABLE member (id TEXT PRIMARY KEY, integrations TEXT NOT NULL, seen INTEGER NOT NULL)`;

interface Held {
  readonly integration: number;
  readonly epoch: number;
}

/** The leases of PostgreSQL (postgres-leases.ts), statement for statement, by the clock of the database: the world's. */
export class TableLeases implements Leases {
  readonly #database: StateDatabase;
  readonly #timeline: Timeline;
  /** Where the process meets the database. */
  readonly #through: <T>(work: () => Promise<T>) => Promise<T>;

  constructor(database: StateDatabase, timeline: Timeline, through: <T>(work: () => Promise<T>) => Promise<T>) {
    this.#database = database;
    this.#timeline = timeline;
    this.#through = through;
  }

  beat({ id, integrations }: Member, seconds: number): Promise<Sharing> {
    return this.#in(async (transaction) => {
      await transaction.insert(
        "member (id, integrations, seen)",
        [[id, JSON.stringify(integrations), this.#timeline.elapsed]],
        "(id) DO UPDATE SET integrations = excluded.integrations, seen = excluded.seen",
      );
      const since = this.#timeline.elapsed - seconds * 1000;
      const members = await transaction.all("SELECT * FROM member WHERE id = ? OR seen > ? ORDER BY id", id, since);
      const leases = await transaction.all("SELECT integration, holder, epoch FROM lease ORDER BY integration");
      return {
        members: members.map((row) => ({
          id: String(row["id"]),
          name: String(row["id"]),
          // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- as written above
          integrations: JSON.parse(String(row["integrations"])) as readonly number[],
        })),
        leases: leases.map((row) => ({
          integration: Number(row["integration"]),
          holder: row["holder"] === null ? undefined : String(row["holder"]),
          epoch: Number(row["epoch"]),
        })),
      };
    });
  }

  claim(integration: number, { id }: Member, seconds: number): Promise<number | undefined> {
    return this.#in(async (transaction) => {
      const row = await transaction.get(
        `INSERT INTO lease AS l (integration, holder, epoch) VALUES (?, ?, 1)
          ON CONFLICT (integration) DO UPDATE SET holder = excluded.holder, epoch = l.epoch + 1
          WHERE l.holder IS NULL OR NOT EXISTS (SELECT 1 FROM member WHERE id = l.holder AND seen > ?) RETURNING epoch`,
        integration,
        id,
        this.#timeline.elapsed - seconds * 1000,
      );
      return row && Number(row["epoch"]);
    });
  }

  async release({ integration, epoch }: Held, { id }: Member): Promise<void> {
    await this.#in((transaction) =>
      transaction.run(
        "UPDATE lease SET holder = NULL, epoch = epoch + 1 WHERE integration = ? AND holder = ? AND epoch = ?",
        integration,
        id,
        epoch,
      ),
    );
  }

  async leave({ id }: Member): Promise<void> {
    await this.#in(async (transaction) => {
      await transaction.run("UPDATE lease SET holder = NULL, epoch = epoch + 1 WHERE holder = ?", id);
      await transaction.run("DELETE FROM member WHERE id = ?", id);
    });
  }

  async check(transaction: StateTransaction, { integration, epoch }: Held, { id }: Member): Promise<void> {
    const row = await transaction.get(
      "SELECT epoch FROM lease WHERE integration = ? AND holder = ? AND epoch = ?",
      integration,
      id,
      epoch,
    );
    if (row === undefined) throw leaseLost();
  }

  holders(): ReturnType<Leases["holders"]> {
    return Promise.resolve(new Map());
  }

  #in<T>(work: (transaction: StateTransaction) => Promise<T>): Promise<T> {
    return this.#through(() => this.#database.transaction(work));
  }
}
