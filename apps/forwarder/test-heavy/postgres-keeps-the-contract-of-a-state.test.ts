import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Member } from "../src/state/leases.ts";
import type { StateDatabase } from "../src/state/state-database.ts";
import { openPostgresState, readPostgresState } from "../src/state/postgres-state.ts";
import { sealedState } from "../src/state/sealed-state.ts";
import { StateKeys } from "../src/state/state-keys.ts";
import { certificate } from "../test/support/certificate.ts";
import { damageContract } from "../test/support/damage-contract.ts";
import { stateContract } from "../test/support/state-contract.ts";
import { noPostgres, password, type PostgresServer, postgresServer } from "./postgres-server.ts";

const writes = (database: StateDatabase, member: Member, epoch: number) =>
  database.transaction((transaction) => database.leases!.check(transaction, { integration: 7, epoch }, member));

if (noPostgres !== undefined) console.log(`skipped: ${noPostgres}`);

describe.skipIf(noPostgres !== undefined)("PostgreSQL", () => {
  let server: PostgresServer;
  beforeAll(async () => void (server = await postgresServer()));
  afterAll(() => server[Symbol.dispose]());
  let count = 0;
  const place = () => ({ url: server.url, schema: `state_${++count}` });

  stateContract("PostgreSQL", () => {
    const here = place();
    return { open: () => openPostgresState(here), end: () => Promise.resolve() };
  });

  damageContract("PostgreSQL", () => {
    const here = place();
    return { open: () => openPostgresState(here), end: () => undefined };
  });

  const keys = new StateKeys([Buffer.alloc(32, 7).toString("base64")]);
  stateContract("sealed PostgreSQL", () => {
    const here = place();
    return { open: async () => sealedState(await openPostgresState(here), keys, true), end: () => Promise.resolve() };
  });

  test("keys of a sealed state: a wrong or missing one is refused, one that nothing needs any more is forgotten", async () => {
    const here = place();
    const sealed = await sealedState(await openPostgresState(here), keys, true);
    await sealed.transaction((transaction) =>
      transaction.insert("spool (chunk, frames)", [[1, Buffer.from("frames")]]),
    );
    expect(await sealed.get("SELECT frames, chunk AS spool_chunk FROM spool")).toMatchObject({
      frames: Buffer.from("frames"),
    });
    await sealed.close();
    const other = new StateKeys([Buffer.alloc(32, 8).toString("base64")]);
    const open = async (some: StateKeys | undefined) => sealedState(await openPostgresState(here), some, true);
    await expect(open(undefined)).rejects.toMatchObject({ code: "STATE_KEY_MISSING" });
    await expect(open(other)).rejects.toMatchObject({ code: "STATE_KEY_WRONG" });
    const again = await open(keys);
    await again.transaction((transaction) => transaction.run("DELETE FROM spool"));
    await again.close();
    await (await open(other)).close();
    await (await open(undefined)).close();
  });

  test("eight that start at once make its tables once", async () => {
    const here = place();
    const opened = await Promise.all(Array.from({ length: 8 }, () => openPostgresState(here)));
    expect(await opened[0]!.get("SELECT count(*) AS n FROM state_version")).toEqual({ n: 1 });
    for (const one of opened) await one.close();
  });

  test("a state of a later version is refused and not touched; one that is not there is not made by a look", async () => {
    const here = place();
    await expect(readPostgresState(here)).rejects.toMatchObject({ code: "STATE_NOT_FOUND" });
    const database = await openPostgresState(here);
    await database.transaction((transaction) => transaction.run("UPDATE state_version SET version = 99"));
    await database.close();
    await expect(openPostgresState(here)).rejects.toMatchObject({ code: "STATE_TOO_NEW" });
    await expect(readPostgresState(here)).rejects.toMatchObject({ code: "STATE_VERSION" });
  });

  test("the leases of a state: one holds, an earlier holder writes nothing, who is not heard of is taken over", async () => {
    const here = place();
    const [one, two] = [await openPostgresState(here), await openPostgresState(here)];
    const [a, b] = ["a", "b"].map((id) => ({ id, name: id, integrations: [7] }));
    const leases = { a: one.leases!, b: two.leases! };
    await leases.a.beat(a!, 60);
    expect((await leases.b.beat(b!, 60)).members.map(({ id }) => id)).toEqual(["a", "b"]);
    expect(await leases.a.claim(7, a!, 60)).toBe(1);
    expect(await leases.b.claim(7, b!, 60)).toBeUndefined();
    await writes(one, a!, 1);
    await expect(writes(two, b!, 1)).rejects.toMatchObject({ code: "LEASE_LOST" });
    // By the clock of the database: whoever was heard of 0 s ago at most is alive, and nobody was.
    expect(await leases.b.claim(7, b!, 0)).toBe(2);
    await expect(writes(one, a!, 1)).rejects.toMatchObject({ code: "LEASE_LOST" });
    await writes(two, b!, 2);
    // While the holder is writing, nobody takes over.
    await two.transaction(async (transaction) => {
      await two.leases!.check(transaction, { integration: 7, epoch: 2 }, b!);
      expect(await leases.a.claim(7, a!, 0)).toBeUndefined();
    });
    await leases.b.release({ integration: 7, epoch: 2 }, b!);
    await expect(writes(two, b!, 2)).rejects.toMatchObject({ code: "LEASE_LOST" });
    expect(await leases.a.claim(7, a!, 60)).toBe(4);
    await leases.a.leave(a!);
    expect((await leases.b.beat(b!, 60)).members.map(({ id }) => id)).toEqual(["b"]);
    expect(await leases.b.claim(7, b!, 60)).toBe(6);
    expect([...(await leases.b.holders(two))]).toMatchObject([[7, { name: "b", seenSecondsAgo: 0 }]]);
    // A later version takes the state over: this one holds nothing any more.
    await one.transaction((transaction) => transaction.run("UPDATE state_version SET version = version + 1"));
    await expect(writes(two, b!, 6)).rejects.toMatchObject({ code: "LEASE_LOST" });
    await expect(leases.b.beat(b!, 60)).rejects.toMatchObject({ code: "STATE_TOO_NEW" });
    for (const database of [one, two]) await database.close();
  });

  test("a commit is durable though the server's default is not; an error tells no password", async () => {
    const here = place();
    const database = await openPostgresState(here);
    expect(await database.get("SELECT current_setting('synchronous_commit') AS is")).toEqual({ is: "on" });
    await database.close();
    const wrong = { ...here, url: here.url.replace("tributary:", "nobody:") };
    const refused = await openPostgresState(wrong).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: "STATE_UNREACHABLE" });
    expect(String(refused)).not.toContain(password);
  });

  test("two that lock the same in another order: one is done again, and both end", async () => {
    const here = place();
    const [one, two] = [await openPostgresState(here), await openPostgresState(here)];
    let tries = 0;
    const both = (database: StateDatabase, first: string, second: string) =>
      database.transaction(async (transaction) => {
        tries++;
        await transaction.lock(first);
        // Only once each has its first.
        await database.get("SELECT pg_sleep(0.3) IS NULL AS slept");
        await transaction.lock(second);
      });
    await Promise.all([both(one, "a", "b"), both(two, "b", "a")]);
    expect(tries).toBe(3);
    for (const database of [one, two]) await database.close();
  });

  test("TLS as the URL says: an authority that is named is trusted, another one or none is not", async () => {
    const own = certificate("127.0.0.1");
    using secure = await postgresServer(own);
    const folder = mkdtempSync(join(tmpdir(), "tributary-ca-"));
    try {
      const [ca, other] = [join(folder, "ca.pem"), join(folder, "other.pem")];
      writeFileSync(ca, own.cert);
      writeFileSync(other, certificate("127.0.0.1").cert);
      const url = (query: string) => ({ url: `${secure.url}${query}`, schema: "tls" });
      const database = await openPostgresState(url(`?sslmode=verify-full&sslrootcert=${ca}`));
      expect(await database.get("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()")).toEqual({ ssl: true });
      await database.close();
      for (const query of ["", "?sslmode=verify-full", `?sslmode=verify-full&sslrootcert=${other}`])
        await expect(openPostgresState(url(query))).rejects.toMatchObject({ code: "STATE_UNREACHABLE" });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test("a connection that is lost within a transaction: nothing of it is there, and the next one is on a new connection", async () => {
    const here = place();
    const database = await openPostgresState(here);
    const lost = database.transaction(async (transaction) => {
      await transaction.insert("receipt (integration, request_id, events, delivered, refusal, at)", [
        [1, "a", 1, 1, "", 1],
      ]);
      const pid = Number((await transaction.get("SELECT pg_backend_pid() AS pid"))?.["pid"]);
      await database.all("SELECT pg_terminate_backend(CAST(? AS INTEGER))", pid);
      await transaction.insert("receipt (integration, request_id, events, delivered, refusal, at)", [
        [1, "b", 1, 1, "", 1],
      ]);
    });
    await expect(lost).rejects.toMatchObject({ code: "STATE_UNREACHABLE" });
    expect(await database.get("SELECT count(*) AS n FROM receipt")).toEqual({ n: 0 });
    await database.transaction((transaction) =>
      transaction.insert("receipt (integration, request_id, events, delivered, refusal, at)", [[1, "c", 1, 1, "", 1]]),
    );
    expect(await database.get("SELECT count(*) AS n FROM receipt")).toEqual({ n: 1 });
    await database.close();
  });

  test("the server is stopped and started: reads and commits go on by themselves", async () => {
    const database = await openPostgresState(place());
    server.stop("immediate");
    await expect(database.get("SELECT 1 AS n")).rejects.toMatchObject({ code: "STATE_UNREACHABLE", retryable: true });
    await expect(database.transaction((transaction) => transaction.run("DELETE FROM receipt"))).rejects.toMatchObject({
      code: "STATE_UNREACHABLE",
    });
    server.start();
    expect(await database.get("SELECT 1 AS n")).toEqual({ n: 1 });
    expect(await database.transaction((transaction) => transaction.run("DELETE FROM receipt"))).toBe(0);
    await database.close();
  });
});
