import { TributaryError } from "@tributary/schema";
import { text } from "./column.ts";
import { leaseLost } from "./lease-lost.ts";
import type { Holder, Leases, Member, Sharing } from "./leases.ts";
import { PostgresConnection, type PostgresPlace, sqlStateOf } from "./postgres-connection.ts";
import type { StateReads, StateTransaction } from "./state-database.ts";
import { schemaVersion } from "./state-schema.ts";

/** A claim must not wait for a commit of the old holder so long that this member's own beat is late. */
const lockTimeoutMs = 500;
const lockNotAvailable = "55P03";
/** With a server that does not answer: a new connection may be better. */
const patienceMs = 3000;

const isAlive = "seen > clock_timestamp() - make_interval(secs => CAST($2 AS double precision))";

/** {@link Leases} in PostgreSQL, on a session of their own: no long commit delays a beat. */
export class PostgresLeases implements Leases {
  readonly #connection: PostgresConnection;

  constructor(place: PostgresPlace) {
    this.#connection = new PostgresConnection(place, `SET lock_timeout = ${lockTimeoutMs}`, patienceMs);
  }

  async beat(member: Member, seconds: number): Promise<Sharing> {
    const session = await this.#connection.session();
    const { rows } = await session.query("SELECT version FROM state_version");
    const version = Number(rows[0]?.["version"]);
    if (version !== schemaVersion)
      throw new TributaryError(
        `Another forwarder has taken the state to version ${version}; this one knows ${schemaVersion}: update tributary.`,
        { code: "STATE_TOO_NEW" },
      );
    await session.query(
      `INSERT INTO member (id, name, integrations, seen) VALUES ($1, $2, $3, clock_timestamp())
        ON CONFLICT (id) DO UPDATE SET integrations = excluded.integrations, seen = excluded.seen`,
      [member.id, member.name, JSON.stringify(member.integrations)],
    );
    await session.query("DELETE FROM member WHERE id <> $1 AND seen < clock_timestamp() - interval '1 day'", [
      member.id,
    ]);
    const members = await session.query(
      `SELECT id, name, integrations FROM member WHERE id = $1 OR ${isAlive} ORDER BY id`,
      [member.id, seconds],
    );
    const leases = await session.query("SELECT integration, holder, epoch FROM lease ORDER BY integration");
    return {
      members: members.rows.map((row) => ({
        id: String(row["id"]),
        name: String(row["name"]),
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- as written above
        integrations: JSON.parse(String(row["integrations"])) as readonly number[],
      })),
      leases: leases.rows.map((row) => ({
        integration: Number(row["integration"]),
        holder: text(row["holder"]),
        epoch: Number(row["epoch"]),
      })),
    };
  }

  async claim(integration: number, member: Member, seconds: number): Promise<number | undefined> {
    const session = await this.#connection.session();
    try {
      const { rows } = await session.query(
        `INSERT INTO lease AS l (integration, holder, epoch, since) VALUES ($1, $3, 1, clock_timestamp())
          ON CONFLICT (integration) DO UPDATE SET holder = excluded.holder, epoch = l.epoch + 1, since = excluded.since
          WHERE l.holder IS NULL OR NOT EXISTS (SELECT 1 FROM member WHERE id = l.holder AND ${isAlive})
          RETURNING epoch`,
        [integration, seconds, member.id],
      );
      return rows[0] === undefined ? undefined : Number(rows[0]["epoch"]);
    } catch (error) {
      // The old holder is just writing: the next beat tries again.
      if (sqlStateOf(error) === lockNotAvailable) return undefined;
      throw error;
    }
  }

  async release(lease: { readonly integration: number; readonly epoch: number }, member: Member): Promise<void> {
    const session = await this.#connection.session();
    await session.query(
      "UPDATE lease SET holder = NULL, epoch = epoch + 1 WHERE integration = $1 AND holder = $2 AND epoch = $3",
      [lease.integration, member.id, lease.epoch],
    );
  }

  async leave(member: Member): Promise<void> {
    const session = await this.#connection.session();
    await session.query("UPDATE lease SET holder = NULL, epoch = epoch + 1 WHERE holder = $1", [member.id]);
    await session.query("DELETE FROM member WHERE id = $1", [member.id]);
  }

  async check(
    transaction: StateTransaction,
    { integration, epoch }: { readonly integration: number; readonly epoch: number },
    member: Member,
  ): Promise<void> {
    const row = await transaction.get(
      `SELECT epoch FROM lease WHERE integration = ? AND holder = ? AND epoch = ?
        AND EXISTS (SELECT 1 FROM state_version WHERE version = ?) FOR SHARE OF lease`,
      integration,
      member.id,
      epoch,
      schemaVersion,
    );
    if (row === undefined) throw leaseLost();
  }

  async holders(reads: StateReads): Promise<ReadonlyMap<number, Holder>> {
    const rows = await reads.all(
      `SELECT l.integration, m.name, extract(epoch FROM l.since) * 1000 AS since,
        extract(epoch FROM clock_timestamp() - m.seen) AS ago FROM lease l JOIN member m ON m.id = l.holder`,
    );
    return new Map(
      rows.map((row): [number, Holder] => [
        Number(row["integration"]),
        {
          name: String(row["name"]),
          since: Math.round(Number(row["since"])),
          seenSecondsAgo: Math.max(0, Math.round(Number(row["ago"]))),
        },
      ]),
    );
  }

  async close(): Promise<void> {
    await this.#connection.close();
  }
}
