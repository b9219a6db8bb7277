import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, expect, test } from "vitest";
import { refuseNetworkFileSystem } from "../src/catalog/network-file-system.ts";
import { openSqliteCatalog } from "../src/catalog/sqlite-catalog.ts";
import { systemClock } from "../src/clock.ts";
import { catalogContract } from "./catalog-contract.ts";

const directory = mkdtempSync(join(tmpdir(), "tributary-catalog-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));
let files = 0;
const newFile = (): string => join(directory, `catalog-${files++}.db`);

catalogContract("SQLite in a file", () => openSqliteCatalog({ file: newFile(), clock: systemClock }));
catalogContract("SQLite in memory", () => openSqliteCatalog({ file: ":memory:", clock: systemClock }));

test("a catalog opened again holds what was committed", async () => {
  const file = newFile();
  const first = await openSqliteCatalog({ file, clock: systemClock });
  await first.changeControl(await first.generation(), [{ kind: "putDataKey", sealedDataKey: "sealed" }]);
  await first.append({
    generation: await first.generation(),
    entries: [{ storeId: "s", events: 1, bytes: Buffer.from("x") }],
    ingestion: [],
    createdAt: 1,
  });
  await first.close();
  const second = await openSqliteCatalog({ file, clock: systemClock });
  expect((await second.readControl()).sealedDataKey).toBe("sealed");
  expect(await second.readJournal("s", { maxEvents: 9, maxBytes: 9 })).toHaveLength(1);
  await second.close();
});

test.skipIf(process.platform === "win32")("the file is readable by its owner alone", async () => {
  const file = newFile();
  await (await openSqliteCatalog({ file, clock: systemClock })).close();
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

const foreign: readonly [string, (file: string) => Promise<void> | void][] = [
  [
    "a later format",
    async (file) => {
      await (await openSqliteCatalog({ file, clock: systemClock })).close();
      const db = new DatabaseSync(file);
      db.exec("PRAGMA user_version = 99");
      db.close();
    },
  ],
  [
    "another application's database",
    (file) => {
      const db = new DatabaseSync(file);
      db.exec("CREATE TABLE t (x); PRAGMA user_version = 1");
      db.close();
    },
  ],
  ["no database at all", (file) => writeFileSync(file, "these are notes, not a database".repeat(100))],
];
test.each(foreign)("%s is refused untouched", async (_name, make) => {
  const file = newFile();
  await make(file);
  const before = readFileSync(file);
  await expect(openSqliteCatalog({ file, clock: systemClock })).rejects.toMatchObject({ code: "CATALOG_FORMAT" });
  expect(readFileSync(file)).toEqual(before);
});

test("an empty file, as a crash at the first start leaves it, becomes a catalog", async () => {
  const file = newFile();
  writeFileSync(file, "");
  const catalog = await openSqliteCatalog({ file, clock: systemClock });
  expect(await catalog.generation()).toBe(1);
  await catalog.close();
});

test.runIf(process.platform === "linux")("a data directory on NFS is refused, a local one is not", () => {
  expect(() => refuseNetworkFileSystem("/data", () => 0x6969)).toThrow(
    expect.objectContaining({ code: "DATA_DIRECTORY_ON_NETWORK" }),
  );
  refuseNetworkFileSystem(directory);
});
