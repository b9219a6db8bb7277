import { generateKeyPairSync } from "node:crypto";
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import * as fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { openSqliteCatalog, type SqliteCatalog } from "../src/catalog/sqlite-catalog.ts";
import { systemClock } from "../src/clock.ts";
import { openDirectoryObjects } from "../src/objects/directory-objects.ts";
import type { Problem } from "../src/proof/problem.ts";
import { deltaPath } from "../src/publish/log-paths.ts";
import { type HeadKey, readHeadKey, readHeadPublicKeys } from "../src/signed-heads/head-keys.ts";
import { HeadSigner } from "../src/signed-heads/head-signer.ts";
import { readSignedHeads } from "../src/signed-heads/read-signed-heads.ts";
import { recordName } from "../src/signed-heads/signed-record.ts";
import { findings, makeProofLake, proofStore, quietStore } from "./proof-lake.ts";
import { publishPorts, publishStore } from "./publish-store.ts";
import { TestLake, entry, run } from "./test-lake.ts";

const hour = 3_600_000;
let directory: string;
let keyFile: string;
let publicFile: string;
let key: HeadKey;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "tributary-heads-"));
  [keyFile, publicFile] = makeKey("key");
  key = readHeadKey(keyFile, makeDirectory("elsewhere"));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

function makeDirectory(name: string): string {
  const path = join(directory, name);
  mkdirSync(path, { recursive: true });
  return path;
}

function makeKey(name: string): [string, string] {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  const files: [string, string] = [join(directory, `${name}.pem`), join(directory, `${name}.pub.pem`)];
  writeFileSync(files[0], privateKey.export({ type: "pkcs8", format: "pem" }), { mode: 0o600 });
  writeFileSync(files[1], publicKey.export({ type: "spki", format: "pem" }));
  return files;
}

/** A change of a store: a file of another day each time, or one of its files goes. */
async function commit(catalog: SqliteCatalog, storeId: string, createdAt = 1): Promise<void> {
  const change = { storeId, kind: "retention", journalPositions: [], addFiles: [], intents: [] } as const;
  expect(await catalog.commit({ ...change, removeFiles: [], createdAt })).toMatchObject({ kind: "committed" });
}

describe("the signer", () => {
  let catalog: SqliteCatalog;
  let records: Awaited<ReturnType<typeof openDirectoryObjects>>;
  let place: string;
  let count = 0;
  const time = { now: Date.parse("2026-03-01T10:00:00Z"), monotonic: 0 };
  const clock = { now: () => time.now, monotonic: () => time.monotonic };
  const logged: Readonly<Record<string, unknown>>[] = [];
  const pass = (ms: number): void => {
    time.now += ms;
    time.monotonic += ms;
  };
  const names = (): string[] => readdirSync(place).filter((name) => name.startsWith("heads-"));
  const newSigner = (more: Partial<ConstructorParameters<typeof HeadSigner>[0]> = {}): HeadSigner =>
    new HeadSigner({ catalog, records, key, clock, log: (told) => logged.push(told), ...more });
  const read = (): { readonly problems: readonly Problem[]; readonly records: number } => {
    const problems: Problem[] = [];
    const heads = readSignedHeads(place, readHeadPublicKeys(publicFile), (problem) => problems.push(problem));
    return { problems, records: heads.records };
  };
  beforeEach(async () => {
    catalog = await openSqliteCatalog({ file: ":memory:", clock });
    place = makeDirectory(`records-${count++}`);
    records = await openDirectoryObjects({ directory: place });
    logged.length = 0;
    return () => catalog.close();
  });

  test("signs at its start, once an hour, and when it stops what has changed since; a restart signs no sooner", async () => {
    let signer = newSigner();
    await signer.tick();
    await signer.tick();
    expect(names()).toEqual([recordName(1)]);
    pass(hour - 1);
    await signer.tick();
    expect(names()).toHaveLength(1);
    pass(1);
    await signer.tick();
    expect(names()).toHaveLength(2);
    await signer.close();
    expect(names(), "nothing has changed").toHaveLength(2);
    pass(hour / 2);
    signer = newSigner();
    await signer.tick();
    expect(names()).toHaveLength(2);
    pass(hour / 2);
    await signer.tick();
    expect(names()).toHaveLength(3);
    await commit(catalog, proofStore);
    await signer.close();
    expect(names()).toEqual([1, 2, 3, 4].map(recordName));
    expect(read()).toEqual({ problems: [], records: 4 });
    expect(statSync(join(place, recordName(1))).mode & 0o777).toBe(0o444);
    // A clock that went back keeps nothing from being signed.
    time.now -= 10 * hour;
    await newSigner().tick();
    expect(names()).toHaveLength(5);
    expect(logged.filter(({ level }) => level === "error")).toEqual([]);
  });

  test("a disk that takes no record is told, and tried again in five minutes", async () => {
    let full = true;
    const put: typeof records.put = async (path, content) => {
      if (full) throw new Error("the disk is full");
      await records.put(path, content);
    };
    const signer = newSigner({ records: { ...records, put } });
    await signer.tick();
    await signer.tick();
    expect(logged).toMatchObject([{ level: "error", event: "heads-not-signed", message: "the disk is full" }]);
    full = false;
    pass(300_000);
    await signer.tick();
    expect(read()).toEqual({ problems: [], records: 1 });
    await signer.close();
  });

  test("a history without what was signed before is not signed", async () => {
    await commit(catalog, proofStore, 1);
    const signer = newSigner();
    await signer.tick();
    await signer.close();
    await catalog.close();
    catalog = await openSqliteCatalog({ file: ":memory:", clock });
    await commit(catalog, proofStore, 2);
    pass(hour);
    const later = newSigner();
    await later.tick();
    await later.close();
    expect(names()).toHaveLength(1);
    expect(logged.at(-1)).toMatchObject({
      event: "heads-not-signed",
      message: expect.stringContaining(`Version 1 of store ${proofStore}`),
    });
  });

  test("a last record that was changed is not gone on from", async () => {
    const signer = newSigner();
    await signer.tick();
    await signer.close();
    const file = join(place, recordName(1));
    chmodSync(file, 0o644);
    writeFileSync(file, readFileSync(file, "utf8").replace('"format":1', '"format":2'));
    pass(hour);
    await newSigner().tick();
    expect(names()).toHaveLength(1);
    expect(logged).toMatchObject([{ event: "heads-signed" }, { event: "heads-not-signed" }]);
  });

  test("any flipped bit of any record is found and named, and so is one that is missing before others", async () => {
    const signer = newSigner();
    for (let n = 0; n < 4; n++) {
      await commit(catalog, proofStore);
      await signer.tick();
      pass(hour);
    }
    await signer.close();
    const originals = new Map(names().map((name) => [name, readFileSync(join(place, name))]));
    fc.assert(
      fc.property(
        fc.constantFrom(...originals.keys()),
        fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
        fc.nat(7),
        (name, at, bit) => {
          for (const [each, bytes] of originals) {
            const copy = Buffer.from(bytes);
            if (each === name) copy[Math.floor(at * copy.length)]! ^= 1 << bit;
            chmodSync(join(place, each), 0o644);
            writeFileSync(join(place, each), copy);
          }
          const { problems } = read();
          expect(problems[0]).toMatchObject({ kind: "signed-heads-changed", where: name });
        },
      ),
      { numRuns: 300 },
    );
    for (const [name, bytes] of originals) writeFileSync(join(place, name), bytes);
    expect(read()).toEqual({ problems: [], records: 4 });
    rmSync(join(place, recordName(1)));
    expect(read()).toMatchObject({ problems: [{ kind: "signed-heads-missing", where: recordName(1) }], records: 3 });
    writeFileSync(join(place, recordName(1)), originals.get(recordName(1))!);
    rmSync(join(place, recordName(2)));
    expect(read()).toMatchObject({ problems: [{ kind: "signed-heads-missing", where: recordName(2) }], records: 3 });
    rmSync(join(place, recordName(3)));
    expect(read().problems).toMatchObject([{ where: `${recordName(2)} to ${recordName(3)}` }]);
    writeFileSync(join(place, recordName(2)), originals.get(recordName(3))!);
    expect(read().problems[0], "another's name").toMatchObject({ where: recordName(2) });
  });

  test("another's signature is none, and of a key that was changed both are taken", async () => {
    const [otherFile, otherPublic] = makeKey("other");
    const signer = newSigner();
    await signer.tick();
    await signer.close();
    pass(hour);
    const next = newSigner({ key: readHeadKey(otherFile, makeDirectory("elsewhere")) });
    await next.tick();
    await next.close();
    expect(read()).toMatchObject({ problems: [{ kind: "signed-heads-changed", where: recordName(2) }], records: 1 });
    const both = join(directory, "both.pem");
    writeFileSync(both, `${readFileSync(publicFile, "utf8")}${readFileSync(otherPublic, "utf8")}`);
    const problems: Problem[] = [];
    expect(readSignedHeads(place, readHeadPublicKeys(both), (problem) => problems.push(problem)).records).toBe(2);
    expect(problems).toEqual([]);
  });
});

test.skipIf(process.platform === "win32")("a key that others can read is refused", () => {
  const open = join(directory, "open.pem");
  cpSync(keyFile, open);
  chmodSync(open, 0o640);
  expect(() => readHeadKey(open, makeDirectory("data"))).toThrow(/chmod 600/);
});

test("a key in the data directory, and one of another kind, is refused", () => {
  const data = makeDirectory("data");
  const inside = join(data, "key.pem");
  cpSync(keyFile, inside);
  expect(() => readHeadKey(inside, data)).toThrow(/in the data directory/);
  const rsa = join(directory, "rsa.pem");
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  writeFileSync(rsa, privateKey.export({ type: "pkcs8", format: "pem" }), { mode: 0o600 });
  expect(() => readHeadKey(rsa, data)).toThrow(/no Ed25519/);
  writeFileSync(rsa, publicKey.export({ type: "spki", format: "pem" }));
  expect(() => readHeadPublicKeys(rsa)).toThrow(/no Ed25519/);
  for (const file of [join(directory, "none"), publicFile])
    expect(() => readHeadKey(file, data)).toThrow(/cannot be used/);
  for (const file of [join(directory, "none"), keyFile])
    expect(() => readHeadPublicKeys(file)).toThrow(/cannot be used/);
});

describe("a lake's history", () => {
  let original: string;
  let data: string;
  let heads: string;
  beforeAll(async () => {
    ({ data: original } = await makeProofLake());
    heads = makeDirectory("signed");
    const catalog = await openSqliteCatalog({ file: join(original, "catalog.sqlite"), clock: systemClock });
    const records = await openDirectoryObjects({ directory: heads });
    const signer = new HeadSigner({ catalog, records, key, clock: systemClock, log: () => undefined });
    await signer.tick();
    await signer.close();
    await catalog.close();
    data = join(original, "..", "copy");
  });
  afterAll(() => rmSync(join(original, ".."), { recursive: true, force: true }));
  beforeEach(() => {
    rmSync(data, { recursive: true, force: true });
    cpSync(original, data, { recursive: true });
    chmodSync(data, 0o700);
  });

  const verify = (...more: readonly string[]) =>
    run(["verify", "--data", data, "--signed-heads", heads, "--public-key", publicFile, ...more]);

  function sql(...statements: readonly string[]): void {
    const db = new DatabaseSync(join(data, "catalog.sqlite"));
    for (const statement of statements) db.exec(statement);
    db.close();
  }

  /** Takes the last commit back with all that it left, and writes another in its place, as the lake itself would have. */
  async function rewrite(): Promise<void> {
    sql(
      `DELETE FROM table_file WHERE added_version = 5`,
      `DELETE FROM store_commit WHERE version = 5`,
      `UPDATE publication SET published = 4`,
      `UPDATE store_head SET version = 4, content_version = 2, chain = (SELECT chain FROM store_commit WHERE version = 4)`,
    );
    rmSync(join(data, "objects", deltaPath(proofStore, 5)));
    const catalog = await openSqliteCatalog({ file: join(data, "catalog.sqlite"), clock: systemClock });
    const objects = await openDirectoryObjects({ directory: join(data, "objects") });
    const { files } = await catalog.snapshot(proofStore);
    const change = { storeId: proofStore, kind: "retention", journalPositions: [], addFiles: [], intents: [] } as const;
    await catalog.commit({ ...change, removeFiles: [files[0]!.path], createdAt: 1 });
    await publishStore(publishPorts({ catalog, objects }), proofStore);
    const live = new Set((await catalog.storeProof(proofStore)).files.map(({ path }) => path));
    await catalog.close();
    for (const path of readdirSync(join(data, "objects", "tables", proofStore), { recursive: true, encoding: "utf8" }))
      if (path.endsWith(".parquet") && !path.includes("_delta_log") && !live.has(`tables/${proofStore}/${path}`))
        rmSync(join(data, "objects", "tables", proofStore, path));
  }

  test("that nobody touched is sound by its signed heads, and the newest is named", async () => {
    const { code, stdout } = await verify();
    expect(stdout).toMatch(/^sound: .*, 1 signed heads, the newest of \d{4}-\d\d-\d\dT/);
    expect(code).toBe(0);
    const json = await verify("--json");
    expect(JSON.parse(json.stdout)).toMatchObject({ problems: 0, signedHeads: { records: 1 } });
  });

  test("that was written anew, every hash and file of it agreeing, is found by its signed heads alone", async () => {
    await rewrite();
    expect(await findings(data)).toEqual([]);
    const { code, stdout } = await verify();
    expect(stdout).toContain(`history-rewritten: commit 5 of store ${proofStore}`);
    expect(code).toBe(1);
  });

  test("that ends before a signed head is found", async () => {
    sql(
      `UPDATE journal SET store_id = '${quietStore}'`,
      ...["store_head", "store_commit", "table_file", "publication", "publication_checkpoint"].map(
        (table) => `DELETE FROM ${table} WHERE store_id = '${proofStore}'`,
      ),
    );
    rmSync(join(data, "objects", "tables"), { recursive: true });
    expect(await findings(data)).toEqual([]);
    expect((await verify()).stdout).toContain("history-cut");
  });

  test("of a store that was purged is not looked for, and the order is named; an order alone hides nothing", async () => {
    const order = `INSERT INTO purge (purge_id, store_id, scope, stage, bound, version, event_ids, rows, files, results, created_at)
      VALUES ('an-order', '${proofStore}', 'store', 'done', 0, 5, 0, 0, 0, 0, 0)`;
    await rewrite();
    sql(order);
    expect((await verify()).stdout).toContain("history-rewritten");
    sql(
      ...["store_head", "store_commit", "table_file", "publication", "publication_checkpoint"].map(
        (table) => `DELETE FROM ${table} WHERE store_id = '${proofStore}'`,
      ),
    );
    rmSync(join(data, "objects", "tables"), { recursive: true });
    const { code, stdout } = await verify();
    expect(stdout).toMatch(
      new RegExp(`^store ${proofStore} was purged: order an-order of 1970-01-01T00:00:00.000Z.*\nsound`),
    );
    expect(code).toBe(0);
  });

  test("is not said to be sound without a record, or without a key", async () => {
    const none = makeDirectory("none");
    const found = await run(["verify", "--data", data, "--signed-heads", none, "--public-key", publicFile]);
    expect(found).toMatchObject({ code: 1, stderr: expect.stringContaining("holds no signed heads") });
    expect(await run(["verify", "--data", data, "--signed-heads", heads])).toMatchObject({ code: 2 });
    expect(await run(["serve", "--data", data, "--signed-heads", heads])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("needs --sign-heads"),
    });
  });
});

test("a lake that serves signs at its start and at its end, in its data directory, and takes no key from there", async () => {
  const lake = await TestLake.start({ signHeads: { keyFile } });
  const own = join(lake.data, "signed-heads");
  try {
    expect(readdirSync(own).filter((name) => name.startsWith("heads-"))).toEqual([recordName(1)]);
    const store = await lake.store();
    await lake.put(await lake.channel([store]), [entry("a")]);
    const QueryStatement = `SELECT count(*) FROM ${store.split("/")[1]}`;
    const { json } = await lake.control("StartQuery", { QueryStatement });
    await expect
      .poll(async () => (await lake.control("DescribeQuery", { QueryId: json["QueryId"] })).json["QueryStatus"], {
        timeout: 30_000,
      })
      .toBe("FINISHED");
    await lake.lake.close();
    expect(readdirSync(own).filter((name) => name.startsWith("heads-"))).toEqual([recordName(1), recordName(2)]);
    const { code, stdout } = await run([
      "verify",
      "--data",
      lake.data,
      "--signed-heads",
      own,
      "--public-key",
      publicFile,
    ]);
    expect([code, stdout]).toEqual([0, expect.stringContaining("2 signed heads")]);
    cpSync(keyFile, join(lake.data, "key.pem"));
    const inside = TestLake.on(lake.data, { signHeads: { keyFile: join(lake.data, "key.pem") } });
    await expect(inside.serve()).rejects.toMatchObject({ code: "HEAD_KEY_NOT_VALID" });
  } finally {
    await lake.close();
  }
});
