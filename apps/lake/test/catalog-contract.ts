import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Catalog } from "../src/catalog/catalog.ts";
import type {
  ChannelRecord,
  ControlChange,
  ControlState,
  EventDataStoreRecord,
} from "../src/catalog/control-catalog.ts";
import type { PurgeRecord } from "../src/catalog/purge-catalog.ts";
import type { QueryRecord } from "../src/catalog/query-catalog.ts";
import type { FileRecord, StoreCommit } from "../src/catalog/store-catalog.ts";

const store = "5a1e0000-0000-4000-8000-000000000001";
const other = "5a1e0000-0000-4000-8000-000000000002";
const limits = { maxEvents: 1000, maxBytes: 1_000_000 };

export function storeRecord(storeId: string): EventDataStoreRecord {
  return {
    arn: `arn:aws:cloudtrail:us-east-1:111122223333:eventdatastore/${storeId}`,
    storeId,
    accountId: "111122223333",
    name: `store-${storeId.slice(-4)}`,
    status: "ENABLED",
    advancedEventSelectors: [{ FieldSelectors: [{ Field: "eventCategory", Equals: ["ActivityAuditLog"] }] }],
    multiRegionEnabled: false,
    organizationEnabled: false,
    retentionPeriod: 2557,
    terminationProtectionEnabled: true,
    billingMode: "FIXED_RETENTION_PRICING",
    tags: { team: "audit", empty: null },
    createdAt: 1,
    updatedAt: 2,
  };
}

export function fileRecord(path: string, storeId: string): FileRecord {
  return {
    path,
    storeId,
    eventDay: "2026-01-02",
    rows: 3,
    bytes: 99,
    sha256: "ab".repeat(32),
    minEventId: "0",
    maxEventId: "f",
    minEventTime: 1,
    maxEventTime: 2,
  };
}

function compaction(change: Partial<StoreCommit>): StoreCommit {
  return {
    storeId: store,
    kind: "compaction",
    journalPositions: [],
    addFiles: [],
    removeFiles: [],
    intents: [],
    basis: 0,
    createdAt: 10,
    ...change,
  };
}

function query(queryId: string, storeIds: readonly string[] = [store]): QueryRecord {
  return {
    queryId,
    accountId: "111122223333",
    callerArn: "arn:aws:iam::111122223333:user/alice",
    statement: "SELECT 1",
    storeIds,
    status: "QUEUED",
    createdAt: 5,
  };
}

const userArn = (user: string): string => `arn:aws:iam::111122223333:user/${user}`;

/** What every catalog must do; PostgreSQL will run it too. */
export function catalogContract(name: string, open: () => Promise<Catalog>): void {
  // oxlint-disable-next-line vitest/valid-title
  describe(name, () => {
    let catalog: Catalog;
    beforeEach(async () => {
      catalog = await open();
    });
    afterEach(async () => {
      await catalog.close();
    });

    const apply = async (...changes: readonly ControlChange[]): Promise<ControlState> => {
      await catalog.changeControl(await catalog.generation(), changes);
      return catalog.readControl();
    };
    const append = async (storeId: string, text: string): Promise<void> => {
      const entries = [{ storeId, events: 1, bytes: Buffer.from(text) }];
      expect(
        await catalog.append({ generation: await catalog.generation(), entries, ingestion: [], createdAt: 7 }),
      ).toEqual({ kind: "committed" });
    };
    const order = async (purgeId = "p", eventIds: readonly string[] = ["b"], storeId = store): Promise<boolean> =>
      catalog.orderEventPurge({ purgeId, storeId, eventIds, createdAt: 30 });
    const purge = async (purgeId = "p"): Promise<PurgeRecord> =>
      (await catalog.purges()).find((each) => each.purgeId === purgeId)!;
    const positions = async (storeId: string): Promise<number[]> =>
      (await catalog.readJournal(storeId, limits)).map(({ pos }) => pos);
    /** Compacts the whole journal of the store into one file at `path`. */
    const compact = async (path: string): Promise<void> => {
      const { contentVersion } = await catalog.snapshot(store);
      await catalog.addIntent(path, 1);
      const change = compaction({
        journalPositions: await positions(store),
        addFiles: [fileRecord(path, store)],
        intents: [path],
        basis: contentVersion,
      });
      expect(await catalog.commit(change)).toMatchObject({ kind: "committed" });
    };

    /** Records what there is to publish of the store as published; answers the version. */
    const publish = async (attemptId: string, at: number, checkpointEvery = 100): Promise<number> => {
      const attempt = { attemptId, storeId: store, createdAt: at };
      const next = await catalog.announceVersions(attempt, checkpointEvery);
      const version = next?.commits.at(-1)?.version ?? 0;
      await catalog.recordVersions(attempt, version, { at, checkpointEvery });
      return version;
    };

    describe("control state", () => {
      test("what was put is read, with the generation that the put made", async () => {
        const channel: ChannelRecord = {
          arn: "arn:aws:cloudtrail:us-east-1:111122223333:channel/c",
          channelId: "c",
          accountId: "111122223333",
          name: "okta",
          source: "OktaSystemLogEvents",
          destinations: [store],
          tags: {},
          createdAt: 3,
        };
        const identity = {
          arn: "arn:aws:iam::111122223333:user/alice",
          accountId: "111122223333",
          name: "alice",
          userId: "AIDAEXAMPLE",
          administrator: true,
          enabled: true,
          policies: { default: '{ "as":  "received" }' },
          createdAt: 1,
        };
        const accessKey = {
          accessKeyId: "AKIAEXAMPLE",
          sealedSecret: "sealed",
          identityArn: identity.arn,
          enabled: true,
          createdAt: 1,
        };
        const before = await catalog.generation();
        const changed = await catalog.changeControl(before, [
          { kind: "putIdentity", identity },
          { kind: "putAccessKey", accessKey },
          { kind: "putStore", store: storeRecord(store) },
          { kind: "putChannel", channel },
          { kind: "putPolicy", resourceArn: channel.arn, text: '{ "as":  "received" }' },
        ]);
        expect(changed).toEqual({ kind: "changed", generation: before + 1 });
        const state = await catalog.readControl();
        expect(state.generation).toBe(before + 1);
        expect(state.identities.get(identity.arn)).toEqual(identity);
        expect(state.accessKeys.get(accessKey.accessKeyId)).toEqual(accessKey);
        expect(state.stores.get(store)).toEqual(storeRecord(store));
        expect(state.channels.get(channel.arn)).toEqual(channel);
        expect(state.policies.get(channel.arn)).toBe('{ "as":  "received" }');

        await catalog.changeControl(before + 1, [{ kind: "deleteChannel", arn: channel.arn }]);
        const after = await catalog.readControl();
        expect(after.channels.size).toBe(0);
        expect(after.policies.size, "the policy goes with its channel").toBe(0);
      });

      test("a change decided on an older generation is applied not at all", async () => {
        const generation = await catalog.generation();
        await catalog.changeControl(generation, [{ kind: "putStore", store: storeRecord(store) }]);
        expect(await catalog.changeControl(generation, [{ kind: "putStore", store: storeRecord(other) }])).toEqual({
          kind: "moved",
        });
        expect([...(await catalog.readControl()).stores.keys()]).toEqual([store]);
      });

      test("a role is put, changed and deleted; the sealed data key is kept", async () => {
        const role = {
          arn: "arn:aws:iam::111122223333:role/shipper",
          accountId: "111122223333",
          name: "shipper",
          roleId: "AROAEXAMPLE",
          trustPolicy: '{ "trust":  1 }',
          policies: { default: "{}" },
          maxSessionDuration: 3600,
          createdAt: 5,
        };
        const put = await apply({ kind: "putRole", role }, { kind: "putDataKey", sealedDataKey: "one" });
        expect(put.roles.get(role.arn)).toEqual(role);
        expect(put.sealedDataKey).toBe("one");
        const changed = { ...role, policies: {}, sessionsRevokedAt: 7 };
        const again = await apply({ kind: "putRole", role: changed }, { kind: "putDataKey", sealedDataKey: "two" });
        expect(again.roles.get(role.arn)).toEqual(changed);
        expect(again.sealedDataKey).toBe("two");
        const signingKey = { fingerprint: "f", publicKey: "p", sealedPrivateKey: "s", createdAt: 3 };
        expect(again.signingKey).toBeUndefined();
        expect((await apply({ kind: "putSigningKey", signingKey })).signingKey).toEqual(signingKey);
        const resealed = { ...signingKey, sealedPrivateKey: "t" };
        expect((await apply({ kind: "putSigningKey", signingKey: resealed })).signingKey).toEqual(resealed);
        expect((await apply({ kind: "deleteRole", arn: role.arn })).roles.size).toBe(0);
      });
    });

    describe("journal", () => {
      test("rows are read as they were appended, oldest first, and counted", async () => {
        await append(store, "a");
        await append(other, "b");
        await append(store, "cc");
        const rows = await catalog.readJournal(store, limits);
        expect(rows.map(({ bytes }) => Buffer.from(bytes).toString())).toEqual(["a", "cc"]);
        expect(await catalog.journalBacklog()).toEqual(
          expect.arrayContaining([
            { storeId: store, rows: 2, events: 2, bytes: 3, oldest: 7 },
            { storeId: other, rows: 1, events: 1, bytes: 1, oldest: 7 },
          ]),
        );
      });

      test("a read stops before a limit is passed, yet always takes one row", async () => {
        for (const text of ["1234", "5678", "90"]) await append(store, text);
        expect(await catalog.readJournal(store, { maxEvents: 2, maxBytes: 100 })).toHaveLength(2);
        expect(await catalog.readJournal(store, { maxEvents: 9, maxBytes: 9 })).toHaveLength(2);
        expect(await catalog.readJournal(store, { maxEvents: 9, maxBytes: 1 })).toHaveLength(1);
      });

      test("an append authorised against an older generation inserts nothing", async () => {
        const generation = await catalog.generation();
        await catalog.changeControl(generation, []);
        const ingestion = [{ channelArn: "c", status: { attemptTime: 1 } }];
        expect(
          await catalog.append({
            generation,
            entries: [{ storeId: store, events: 1, bytes: Buffer.from("x") }],
            ingestion,
            createdAt: 1,
          }),
        ).toEqual({ kind: "moved" });
        expect(await catalog.readJournal(store, limits)).toEqual([]);
        expect(await catalog.ingestionStatus("c")).toBeUndefined();
      });

      test("the ingestion status keeps the last success beside a later failure", async () => {
        const put = async (status: {
          attemptTime: number;
          attemptEventId?: string;
          successTime?: number;
          successEventId?: string;
          errorCode?: string;
        }): Promise<void> => {
          await catalog.append({
            generation: await catalog.generation(),
            entries: [],
            ingestion: [{ channelArn: "c", status }],
            createdAt: 1,
          });
        };
        await put({ attemptTime: 1, attemptEventId: "e1", successTime: 1, successEventId: "e1" });
        await put({ attemptTime: 2, errorCode: "InvalidData" });
        expect(await catalog.ingestionStatus("c")).toEqual({
          attemptTime: 2,
          attemptEventId: undefined,
          successTime: 1,
          successEventId: "e1",
          errorCode: "InvalidData",
        });
      });
    });

    describe("commit", () => {
      test("swaps exactly the named rows for files, and counts", async () => {
        await append(store, "a");
        await append(store, "b");
        await append(other, "c");
        const [first] = await positions(store);
        await catalog.addIntent("p1", 1);
        const change = compaction({
          journalPositions: [first!],
          addFiles: [fileRecord("p1", store)],
          intents: ["p1"],
          counts: { stored: 3, duplicate: 2 },
        });
        expect(await catalog.commit(change)).toEqual({ kind: "committed", version: 1 });
        expect((await catalog.readJournal(store, limits)).map(({ bytes }) => Buffer.from(bytes).toString())).toEqual([
          "b",
        ]);
        expect(await positions(other)).toHaveLength(1);
        expect(await catalog.snapshot(store)).toEqual({
          storeId: store,
          version: 1,
          contentVersion: 1,
          files: [fileRecord("p1", store)],
        });
        expect(await catalog.counters(store)).toEqual({
          stored: 3,
          duplicate: 2,
          expired: 0,
          unshredded: 0,
          purged: 0,
        });
        expect(await catalog.takeOldIntents(99), "the commit took its intent").toEqual([]);
      });

      const conflicts: readonly [string, (change: { pos: number }) => Partial<StoreCommit>, string][] = [
        ["a row that another took", ({ pos }) => ({ journalPositions: [pos, pos + 100] }), "gone"],
        ["a row named twice", ({ pos }) => ({ journalPositions: [pos, pos] }), "gone"],
        ["an older basis", ({ pos }) => ({ journalPositions: [pos], basis: 7 }), "another compaction"],
        ["no basis", ({ pos }) => ({ journalPositions: [pos], basis: undefined }), "another compaction"],
        [
          "an intent that was swept",
          ({ pos }) => ({ journalPositions: [pos], addFiles: [fileRecord("swept", store)], intents: ["swept"] }),
          "intent",
        ],
        [
          "a file that was never announced",
          ({ pos }) => ({ journalPositions: [pos], addFiles: [fileRecord("x", store)] }),
          "never announced",
        ],
        [
          "a file to remove that is not there",
          ({ pos }) => ({ journalPositions: [pos], removeFiles: ["ghost"] }),
          "no longer",
        ],
        ["another store's row", ({ pos }) => ({ storeId: other, journalPositions: [pos] }), "gone"],
      ];
      test.each(conflicts)("%s aborts it whole", async (_name, build, reason) => {
        await append(store, "a");
        const [pos] = await positions(store);
        expect(await catalog.commit(compaction(build({ pos: pos! })))).toEqual({
          kind: "conflict",
          reason: expect.stringContaining(reason),
        });
        expect(await positions(store)).toEqual([pos]);
        expect(await catalog.snapshot(store)).toEqual({ storeId: store, version: 0, contentVersion: 0, files: [] });
      });

      test("of two compactions with one basis the second conflicts; a merge beside one does not", async () => {
        await append(store, "a");
        await compact("p1");
        await append(store, "b");
        const { contentVersion } = await catalog.snapshot(store);
        await catalog.addIntent("merged", 1);
        const merge = compaction({
          kind: "merge",
          addFiles: [fileRecord("merged", store)],
          removeFiles: ["p1"],
          intents: ["merged"],
          basis: undefined,
        });
        expect(await catalog.commit(merge)).toEqual({ kind: "committed", version: 2 });
        expect((await catalog.snapshot(store)).contentVersion).toBe(contentVersion);
        expect(
          await catalog.commit(compaction({ journalPositions: await positions(store), basis: contentVersion })),
        ).toEqual({ kind: "committed", version: 3 });
        expect(await catalog.commit(compaction({ basis: contentVersion }))).toMatchObject({ kind: "conflict" });
        expect(await catalog.commit(merge), "its file is merged already").toMatchObject({ kind: "conflict" });
      });
    });

    describe("sweeping", () => {
      test("only old intents are taken, and answered until their objects are deleted", async () => {
        await catalog.addIntent("old", 10);
        await catalog.addIntent("new", 20);
        expect(await catalog.takeOldIntents(20)).toEqual(["old"]);
        expect(await catalog.takeOldIntents(5), "a sweeper that died in between starts again").toEqual(["old"]);
        const change = compaction({ addFiles: [fileRecord("old", store)], intents: ["old"] });
        expect(await catalog.commit(change)).toMatchObject({
          kind: "conflict",
          reason: expect.stringContaining("swept"),
        });
        await catalog.forgetFiles(["old", "new"]);
        expect(await catalog.takeOldIntents(20)).toEqual([]);
        expect(await catalog.takeOldIntents(21), "one that was not taken is not forgotten").toEqual(["new"]);
      });

      test("a removed file is removable after its grace, unless a live query pins a version that holds it", async () => {
        await append(store, "a");
        await compact("p1");
        expect(await catalog.startQuery(query("q1"), 10)).toBe("queued");
        expect(await catalog.readyQuery("q1")).toMatchObject({
          kind: "ready",
          snapshots: [{ version: 1, files: [{ path: "p1" }] }],
        });
        expect(
          await catalog.commit(compaction({ kind: "retention", removeFiles: ["p1"], createdAt: 10 })),
        ).toMatchObject({ kind: "committed" });
        expect(await catalog.readyQuery("q1"), "the pin stays").toMatchObject({
          kind: "ready",
          snapshots: [{ version: 1, files: [{ path: "p1" }] }],
        });
        expect(await catalog.removableFiles(99), "not published").toEqual([]);
        await publish("a1", 20);
        expect(await catalog.removableFiles(99), "pinned").toEqual([]);
        await catalog.moveQuery("q1", ["QUEUED"], { status: "FINISHED" });
        expect(await catalog.removableFiles(20), "within the grace").toEqual([]);
        expect(await catalog.removableFiles(21)).toEqual(["p1"]);
        await catalog.forgetFiles(["p1"]);
        expect(await catalog.removableFiles(21)).toEqual([]);
      });

      test("a live file is never forgotten", async () => {
        await append(store, "a");
        await compact("p1");
        await catalog.forgetFiles(["p1"]);
        expect((await catalog.snapshot(store)).files).toHaveLength(1);
      });
    });

    test("deleting an identity deletes its keys; a key is deleted alone; an account is disabled until enabled", async () => {
      const accessKey = { sealedSecret: "s", enabled: true, createdAt: 1 };
      await apply(
        ...["a", "b"].map((user) => ({
          kind: "putIdentity" as const,
          identity: {
            arn: userArn(user),
            accountId: "111122223333",
            name: user,
            userId: `AIDA${user}`,
            administrator: false,
            enabled: true,
            policies: {},
            createdAt: 1,
          },
        })),
        ...["a1", "a2", "b1", "b2"].map((accessKeyId) => ({
          kind: "putAccessKey" as const,
          accessKey: { ...accessKey, accessKeyId, identityArn: userArn(accessKeyId.slice(0, 1)) },
        })),
      );
      const deleted = await apply(
        { kind: "deleteIdentity", arn: userArn("a") },
        { kind: "deleteAccessKey", accessKeyId: "b1" },
      );
      expect([...deleted.identities.keys()]).toEqual([userArn("b")]);
      expect([...deleted.accessKeys.keys()]).toEqual(["b2"]);
      const disable = { kind: "disableAccount", accountId: "111122223333" } as const;
      expect([...(await apply(disable)).disabledAccounts]).toEqual(["111122223333"]);
      expect([...(await apply(disable)).disabledAccounts], "twice").toEqual(["111122223333"]);
      const enabled = await apply({ kind: "enableAccount", accountId: "111122223333" });
      expect([...enabled.disabledAccounts]).toEqual([]);
    });

    describe("publication", () => {
      const measured = { bytes: 7, sha256: "0".repeat(64) };
      // oxlint-disable-next-line unicorn/consistent-function-scoping -- of this group alone
      const attempt = (attemptId: string, createdAt = 1) => ({ attemptId, storeId: store, createdAt });
      // oxlint-disable-next-line unicorn/consistent-function-scoping -- of this group alone
      const compactions = async (count: number): Promise<void> => {
        for (let n = 0; n < count; n++) {
          await append(store, "x");
          await compact(`${n}-${Math.random()}`);
        }
      };

      test("stores are unpublished until their last version is recorded, a new one's version 0 too", async () => {
        expect(await catalog.unpublishedStores()).toEqual([]);
        await apply({ kind: "putStore", store: storeRecord(other) });
        await compactions(2);
        expect(await catalog.unpublishedStores()).toEqual([store, other]);
        const empty = { attemptId: "o", storeId: other, createdAt: 1 };
        expect(await catalog.announceVersions(empty, 100)).toEqual({ published: -1, commits: [] });
        await catalog.recordVersions(empty, 0, { at: 1, checkpointEvery: 100 });
        const next = await catalog.announceVersions(attempt("a"), 100);
        expect(next).toEqual({ published: -1, commits: await catalog.readCommits(store, 0, 9) });
        expect(await catalog.unpublishedStores(), "announced only").toEqual([store]);
        const options = { at: 1, checkpointEvery: 100 };
        expect(await catalog.recordVersions(attempt("a"), 2, options)).toEqual({ checkpointDue: false });
        expect(await catalog.unpublishedStores()).toEqual([]);
        expect(await catalog.announceVersions(attempt("b"), 100)).toBeUndefined();
        await catalog.recordVersions(attempt("late"), 1, options);
        expect(await catalog.publication(store)).toMatchObject({ published: 2 });
      });

      test("versions are given out up to the next checkpoint, and past one that failed", async () => {
        await compactions(5);
        expect(await publish("a", 1, 2)).toBe(2);
        expect(await publish("b", 1, 2), "its checkpoint failed").toBe(4);
        const table = await catalog.announceCheckpoint(attempt("c"), 2);
        expect(table).toMatchObject({ version: 4, createdAt: 10, removed: [] });
        expect(table!.files).toHaveLength(4);
        const checkpoint = { version: 4, actions: 6, addFiles: 4, ...measured };
        expect(await catalog.recordCheckpoint(attempt("c"), checkpoint, 5)).toEqual(checkpoint);
        expect(await catalog.recordHint(attempt("c"), 4)).toBeUndefined();
        expect(await catalog.announceCheckpoint(attempt("d"), 2), "not due").toBeUndefined();
        expect(await publish("e", 1, 2)).toBe(5);
        expect(await catalog.publication(store)).toEqual({ published: 5, cleaned: 0, checkpoint, retired: false });
      });

      test("a checkpoint's table is that of its version, whatever was committed since", async () => {
        await append(store, "a");
        await compact("p1");
        await publish("a", 1, 1);
        await catalog.commit(compaction({ kind: "retention", removeFiles: ["p1"], createdAt: 11 }));
        await append(store, "b");
        await compact("p2");
        const table = await catalog.announceCheckpoint(attempt("c"), 1);
        expect(table!.version).toBe(1);
        expect(table!.files.map(({ path, addedAt }) => [path, addedAt])).toEqual([["p1", 10]]);
        expect(table!.removed).toEqual([]);
        await publish("b", 1, 9);
        expect(await catalog.announceCheckpoint(attempt("d"), 1)).toMatchObject({
          version: 3,
          files: [{ path: "p2" }],
          removed: [{ path: "p1", removedAt: 11, kind: "retention" }],
        });
      });

      test("versions before an old checkpoint are given up, and a try at them stays until it ended", async () => {
        await compactions(5);
        await catalog.announceVersions(attempt("asleep", 3), 2);
        for (const [n, version] of [2, 4].entries()) {
          expect(await publish(`p${n}`, 1, 2)).toBe(version);
          await catalog.announceCheckpoint(attempt(`c${n}`), 2);
          await catalog.recordCheckpoint(
            attempt(`c${n}`),
            { version, actions: 9, addFiles: 2, ...measured },
            version * 10,
          );
          await catalog.recordHint(attempt(`c${n}`), version);
        }
        expect(await catalog.logsToClean(20), "none is old enough").toEqual([]);
        const asleep = { attemptId: "asleep", first: 0, last: 1 };
        const cleaned = { storeId: store, from: 0, to: 2, checkpoints: [], attempts: [asleep], retired: false };
        expect(await catalog.logsToClean(21)).toEqual([cleaned]);
        expect(await catalog.publication(store)).toMatchObject({ published: 4, cleaned: 2 });
        expect(await catalog.logsToClean(0), "until it is done").toEqual([cleaned]);
        await catalog.logCleaned(cleaned, 3);
        const left = { ...cleaned, from: 2 };
        expect(await catalog.logsToClean(0)).toEqual([left]);
        await catalog.recordVersions(attempt("asleep"), 1, { at: 1, checkpointEvery: 2 });
        expect(await catalog.logsToClean(0), "what it wrote is still to be deleted").toEqual([left]);
        await catalog.logCleaned(left, 3);
        expect(await catalog.logsToClean(0)).toEqual([]);
        expect(await catalog.logsToClean(41)).toEqual([{ ...left, from: 2, to: 4, checkpoints: [2], attempts: [] }]);
        const late = { version: 2, actions: 9, addFiles: 2, ...measured };
        expect(await catalog.recordCheckpoint(attempt("c9"), late, 50)).toMatchObject({ version: 4 });
        expect(await catalog.recordHint(attempt("c9"), 2), "the hint must name the newest").toMatchObject({
          version: 4,
        });
        expect(await catalog.announceHint(attempt("h"))).toMatchObject({ version: 4 });
        expect(await catalog.recordHint(attempt("h"), 4)).toBeUndefined();
      });

      test("the proof of a log has every checkpoint that is not forgotten, and every try that is not over", async () => {
        await compactions(5);
        for (const version of [2, 4]) {
          await publish(`p${version}`, 1, 2);
          await catalog.announceCheckpoint(attempt(`c${version}`), 2);
          const checkpoint = { version, actions: version + 2, addFiles: version, ...measured };
          await catalog.recordCheckpoint(attempt(`c${version}`), checkpoint, version * 10);
          await catalog.recordHint(attempt(`c${version}`), version);
        }
        await catalog.announceVersions(attempt("writing"), 2);
        expect(await catalog.publicationProof(store)).toEqual({
          published: 4,
          cleaned: 0,
          retired: false,
          checkpoints: [2, 4].map((version) => ({ version, actions: version + 2, addFiles: version, ...measured })),
          attempts: [{ first: 5, last: 5 }],
        });
        expect(await catalog.publicationProof(other)).toEqual({
          published: -1,
          cleaned: 0,
          retired: false,
          checkpoints: [],
          attempts: [],
        });
      });

      test("a try that never ended is forgotten when it is given up", async () => {
        await compactions(2);
        await catalog.announceVersions(attempt("asleep", 3), 1);
        for (const version of [1, 2]) {
          await publish(`p${version}`, 1, 1);
          await catalog.announceCheckpoint(attempt(`c${version}`), 1);
          await catalog.recordCheckpoint(attempt(`c${version}`), { version, actions: 1, addFiles: 1, ...measured }, 1);
          await catalog.recordHint(attempt(`c${version}`), version);
        }
        const [log] = await catalog.logsToClean(2);
        expect(log!.attempts).toHaveLength(1);
        await catalog.logCleaned(log!, 4);
        expect(await catalog.logsToClean(2)).toEqual([]);
      });

      test("nothing of a retired publication is published again", async () => {
        await compactions(2);
        await publish("a", 1);
        await append(store, "x");
        await compact("late");
        await catalog.announceVersions(attempt("asleep"), 100);
        const log = await catalog.retirePublication(store);
        const asleep = { attemptId: "asleep", first: 3, last: 3 };
        expect(log).toEqual({ storeId: store, from: 0, to: 3, checkpoints: [], attempts: [asleep], retired: true });
        expect(await catalog.unpublishedStores()).toEqual([]);
        expect(await catalog.announceVersions(attempt("b"), 100)).toBeUndefined();
        expect(await catalog.announceCheckpoint(attempt("c"), 1)).toBeUndefined();
        expect(await catalog.announceHint(attempt("d"))).toBeUndefined();
        expect(await catalog.logsToClean(0), "a crash before its objects were deleted").toEqual([log]);
        await catalog.logCleaned(log, 0);
        await catalog.recordVersions(attempt("asleep"), 3, { at: 1, checkpointEvery: 100 });
        const [again] = await catalog.logsToClean(0);
        expect(again).toMatchObject({ attempts: [asleep], retired: true });
        await catalog.logCleaned(again!, 0);
        expect(await catalog.logsToClean(0)).toEqual([]);
        expect(await catalog.retirePublication(other), "never published").toMatchObject({
          from: 0,
          to: 0,
          attempts: [],
        });
      });
    });

    describe("queries", () => {
      test("a query waits for exactly what was in the journal when it started", async () => {
        await append(store, "before");
        await catalog.startQuery(query("q1"), 10);
        await append(store, "after");
        expect(await catalog.readyQuery("q1")).toEqual({ kind: "waiting", storeIds: [store] });
        expect(await catalog.awaitedStores()).toEqual([store]);
        const [first] = await positions(store);
        await catalog.commit(compaction({ journalPositions: [first!] }));
        expect(await catalog.readyQuery("q1")).toMatchObject({
          kind: "ready",
          snapshots: [{ storeId: store, version: 1 }],
        });
        expect(await catalog.awaitedStores()).toEqual([]);
      });

      test("over several stores it waits for each", async () => {
        await append(other, "x");
        await catalog.startQuery(query("q1", [store, other]), 10);
        expect(await catalog.readyQuery("q1")).toEqual({ kind: "waiting", storeIds: [other] });
        await catalog.commit(compaction({ storeId: other, journalPositions: await positions(other) }));
        const ready = await catalog.readyQuery("q1");
        expect(ready).toMatchObject({
          kind: "ready",
          snapshots: [
            { storeId: store, version: 0 },
            { storeId: other, version: 1 },
          ],
        });
      });

      test("the account's limit counts queued and running ones", async () => {
        expect(await catalog.startQuery(query("q1"), 1)).toBe("queued");
        expect(await catalog.startQuery(query("q2"), 1)).toBe("limit");
        expect(await catalog.getQuery("q2")).toBeUndefined();
        await catalog.moveQuery("q1", ["QUEUED"], { status: "CANCELLED" });
        expect(await catalog.startQuery(query("q3"), 1)).toBe("queued");
        expect(await catalog.startQuery({ ...query("q4"), accountId: "444455556666" }, 1)).toBe("queued");
        expect((await catalog.activeQueries()).map(({ queryId }) => queryId)).toEqual(["q3", "q4"]);
      });

      test("a move from another state changes nothing", async () => {
        await catalog.startQuery(query("q1"), 10);
        expect(await catalog.moveQuery("q1", ["RUNNING"], { status: "FINISHED" })).toBe(false);
        expect(await catalog.moveQuery("q1", ["QUEUED"], { status: "RUNNING", startedAt: 9 })).toBe(true);
        expect(await catalog.moveQuery("q1", ["RUNNING"], { status: "FINISHED", finishedAt: 11, resultRows: 3 })).toBe(
          true,
        );
        expect(await catalog.getQuery("q1")).toMatchObject({
          status: "FINISHED",
          startedAt: 9,
          finishedAt: 11,
          resultRows: 3,
          storeIds: [store],
        });
        await expect(catalog.readyQuery("q1")).rejects.toMatchObject({ code: "QUERY_NOT_ACTIVE" });
      });

      test("a delivery is pending once its query is FINISHED, and ends once", async () => {
        const deliveryS3Uri = "s3://bucket/prefix";
        for (const queryId of ["q1", "q2"])
          await catalog.startQuery({ ...query(queryId), deliveryS3Uri, deliveryStatus: "PENDING" }, 99);
        await catalog.startQuery(query("q3"), 99);
        expect(await catalog.pendingDeliveries()).toEqual([]);
        for (const queryId of ["q1", "q3"])
          await catalog.moveQuery(queryId, ["QUEUED"], { status: "FINISHED", finishedAt: 9 });
        expect(await catalog.pendingDeliveries()).toMatchObject([{ queryId: "q1", deliveryS3Uri }]);
        expect(await catalog.endDelivery("q1", "SUCCESS")).toBe(true);
        expect(await catalog.endDelivery("q1", "FAILED")).toBe(false);
        expect(await catalog.endDelivery("q3", "FAILED")).toBe(false);
        expect(await catalog.pendingDeliveries()).toEqual([]);
        expect(await catalog.getQuery("q1")).toMatchObject({ deliveryStatus: "SUCCESS" });
        expect((await catalog.getQuery("q3"))?.deliveryStatus).toBeUndefined();
      });

      test("the owners of its stores and the bytes of its result are kept with a query", async () => {
        await catalog.startQuery({ ...query("q1", [store, other]), ownerAccountIds: ["1", "2"] }, 99);
        await catalog.startQuery(query("q2"), 99);
        await catalog.startQuery({ ...query("q3"), accountId: "444455556666" }, 99);
        expect(await catalog.resultBytes("111122223333")).toBe(0);
        for (const queryId of ["q1", "q2", "q3"])
          await catalog.moveQuery(queryId, ["QUEUED"], { status: "FINISHED", finishedAt: 9, resultBytes: 5 });
        expect(await catalog.getQuery("q1")).toMatchObject({ ownerAccountIds: ["1", "2"], resultBytes: 5 });
        expect((await catalog.getQuery("q2"))?.ownerAccountIds).toBeUndefined();
        expect(await catalog.resultBytes("111122223333")).toBe(10);
        await catalog.deleteQuery("q1");
        expect(await catalog.resultBytes("111122223333")).toBe(5);
      });

      test("listing queries keeps to the account, the store, the range, the status, the order and the limit", async () => {
        const at = (queryId: string, createdAt: number, change: Partial<QueryRecord> = {}): Promise<unknown> =>
          catalog.startQuery({ ...query(queryId), createdAt, ...change }, 99);
        await at("q3", 30);
        await at("q1", 10, { storeIds: [other, store] });
        await at("q2b", 20);
        await at("q2a", 20);
        await at("foreign", 20, { accountId: "444455556666" });
        await at("elsewhere", 20, { storeIds: [other] });
        await catalog.moveQuery("q2b", ["QUEUED"], { status: "CANCELLED", finishedAt: 21 });
        const list = async (filter: object): Promise<readonly string[]> =>
          (
            await catalog.listQueries({
              accountId: "111122223333",
              storeId: store,
              createdFrom: 0,
              limit: 99,
              ...filter,
            })
          ).map(({ queryId }) => queryId);
        expect(await list({})).toEqual(["q1", "q2a", "q2b", "q3"]);
        expect(await list({ limit: 2 })).toEqual(["q1", "q2a"]);
        expect(await list({ after: { createdAt: 20, queryId: "q2a" } })).toEqual(["q2b", "q3"]);
        expect(await list({ createdFrom: 20, createdTo: 20 })).toEqual(["q2a", "q2b"]);
        expect(await list({ createdFrom: 11, createdTo: 19 })).toEqual([]);
        expect(await list({ status: "CANCELLED" })).toEqual(["q2b"]);
        expect(await list({ storeId: other })).toEqual(["q1", "elsewhere"]);
      });

      test("queries are forgotten when they have ended, not before", async () => {
        for (const queryId of ["q1", "q2", "q3", "q4"]) await catalog.startQuery(query(queryId), 99);
        await catalog.moveQuery("q1", ["QUEUED"], { status: "FINISHED", finishedAt: 10 });
        await catalog.moveQuery("q2", ["QUEUED"], { status: "FAILED", finishedAt: 11 });
        await catalog.moveQuery("q3", ["QUEUED"], { status: "RUNNING", startedAt: 6 });
        expect(await catalog.endedQueries(9, 99)).toEqual([]);
        expect(await catalog.endedQueries(10, 99)).toEqual(["q1"]);
        expect([...(await catalog.endedQueries(99, 99))].toSorted()).toEqual(["q1", "q2"]);
        expect(await catalog.endedQueries(99, 1)).toHaveLength(1);
        for (const queryId of ["q1", "q3", "q4", "unknown"]) await catalog.deleteQuery(queryId);
        expect(await catalog.getQuery("q1")).toBeUndefined();
        expect(await catalog.endedQueries(99, 99)).toEqual(["q2"]);
        const { length } = await catalog.listQueries({
          accountId: "111122223333",
          storeId: store,
          createdFrom: 0,
          limit: 9,
        });
        expect(length).toBe(3);
        expect((await catalog.activeQueries()).map(({ queryId }) => queryId)).toEqual(["q3", "q4"]);
      });
    });

    const retire = (path: string, version: number): Promise<unknown> =>
      catalog.commit(compaction({ kind: "retention", removeFiles: [path], createdAt: 10 * version }));

    describe("proof and pins", () => {
      test("a store's proof is its head and every file it knows, with its place in the history", async () => {
        await append(store, "a");
        await compact("p1");
        await append(store, "b");
        await compact("p2");
        await retire("p1", 3);
        await append(other, "c");
        const heads = await catalog.storeHeads();
        const [{ chain } = { chain: "" }] = await catalog.readCommits(store, 2, 1);
        expect(heads).toEqual([{ storeId: store, version: 3, chain }]);
        const proof = await catalog.storeProof(store);
        expect(proof).toMatchObject({ storeId: store, version: 3, contentVersion: 2, chain });
        expect(proof.files).toEqual([
          { ...fileRecord("p1", store), addedVersion: 1, addedAt: 10, removedVersion: 3, removedAt: 30 },
          { ...fileRecord("p2", store), addedVersion: 2, addedAt: 10, removedVersion: undefined, removedAt: undefined },
        ]);
        expect(await catalog.storeProof(other)).toEqual({
          storeId: other,
          version: 0,
          contentVersion: 0,
          chain: "",
          files: [],
        });
        expect(await catalog.storeIds()).toEqual([store, other]);
        await catalog.addIntent("p3", 1);
        const paths = ["p1", "p2", "p3", "p4"];
        expect(await Promise.all(paths.map((path) => catalog.objectState(path)))).toEqual([
          "removed",
          "live",
          "announced",
          undefined,
        ]);
      });

      test("a commit is read with the kind and the time it was made with", async () => {
        await append(store, "a");
        await compact("p1");
        await retire("p1", 2);
        expect(await catalog.readCommits(store, 0, 9)).toMatchObject([
          { version: 1, kind: "compaction", createdAt: 10 },
          { version: 2, kind: "retention", createdAt: 20 },
        ]);
      });

      test("a pin holds what is removed after it was made, until it ends", async () => {
        await append(store, "a");
        await compact("p1");
        await append(store, "b");
        await compact("p2");
        await retire("p1", 1);
        await catalog.pinStores("pin", [store], { now: 1, until: 1000 });
        await retire("p2", 1);
        await publish("a", 1);
        expect(await catalog.removableFiles(999), "p1 went before the pin").toEqual(["p1"]);
        expect(await catalog.removableFiles(1000), "it has ended").toHaveLength(2);
        expect(await catalog.extendPin("pin", 2000)).toBe(true);
        expect(await catalog.removableFiles(1999)).toEqual(["p1"]);
        await catalog.unpin("pin");
        expect(await catalog.removableFiles(999)).toHaveLength(2);
        expect(await catalog.extendPin("pin", 3000)).toBe(false);
      });

      test("a pin that drains is ready when what waited when it was made is in the tables", async () => {
        await append(store, "a");
        await catalog.pinStores("quiet", [store, other], { now: 1, until: 1000 });
        expect(await catalog.awaitedStores()).toEqual([]);
        await catalog.pinStores("pin", [store, other], { now: 1, until: 1000, drain: true });
        expect(await catalog.awaitedStores()).toEqual([store]);
        expect(await catalog.readyPin("pin")).toEqual({ kind: "waiting", storeIds: [store] });
        await append(other, "later");
        await compact("p1");
        expect(await catalog.awaitedStores()).toEqual([]);
        expect(await catalog.readyPin("pin")).toMatchObject({
          kind: "ready",
          snapshots: [
            { storeId: store, version: 1, files: [{ path: "p1" }] },
            { storeId: other, version: 0, files: [] },
          ],
        });
      });

      test("a pin that has ended is forgotten when the next one is made", async () => {
        await catalog.pinStores("old", [store], { now: 1, until: 10 });
        await catalog.pinStores("new", [store], { now: 11, until: 20 });
        expect(await catalog.extendPin("old", 30)).toBe(false);
        expect(await catalog.extendPin("new", 30)).toBe(true);
      });
    });

    test("deleting a store deletes its journal rows and takes its files out of use", async () => {
      await catalog.changeControl(await catalog.generation(), [{ kind: "putStore", store: storeRecord(store) }]);
      await append(store, "a");
      await compact("p1");
      await append(store, "b");
      await append(other, "c");
      const { arn } = storeRecord(store);
      await apply({ kind: "putPolicy", resourceArn: arn, text: "{}" });
      await catalog.changeControl(await catalog.generation(), [
        { kind: "deleteStore", storeId: store, purgeId: "p", reason: "deleted" },
      ]);
      expect((await catalog.readControl()).policies.has(arn)).toBe(false);
      expect(await positions(store)).toEqual([]);
      expect(await positions(other)).toHaveLength(1);
      expect((await catalog.snapshot(store)).files).toEqual([]);
    });

    describe("purges", () => {
      beforeEach(() =>
        apply({ kind: "putStore", store: storeRecord(store) }, { kind: "putStore", store: storeRecord(other) }),
      );

      test("an order is recorded with its tombstones and in the store's history; of an unknown store it is not", async () => {
        await append(store, "a");
        expect(await order("p", ["d", "b", "b"])).toBe(true);
        expect(await order("q", ["x"], "unknown")).toBe(false);
        expect(await order("r", ["b"])).toBe(true);
        expect(await catalog.tombstones(store, "a", "z")).toEqual(["b", "d"]);
        expect(await catalog.tombstones(store, "c", "d")).toEqual(["d"]);
        expect(await catalog.tombstones(other, "a", "z")).toEqual([]);
        expect((await catalog.purges()).map(({ purgeId, scope, stage }) => [purgeId, scope, stage])).toEqual([
          ["p", "events", "journal"],
          ["r", "events", "journal"],
        ]);
        expect((await catalog.readCommits(store, 0, 9)).map(({ kind }) => kind)).toEqual(["purge", "purge"]);
        expect(await catalog.commit(compaction({ journalPositions: await positions(store), basis: 0 }))).toMatchObject({
          kind: "conflict",
        });
      });

      test("it waits for exactly what was in the journal, which compaction is to take", async () => {
        await append(store, "before");
        await order();
        await append(store, "after");
        expect(await catalog.purgeAwaitsJournal("p")).toBe(true);
        expect(await catalog.awaitedStores()).toEqual([store]);
        const [first] = await positions(store);
        const { contentVersion } = await catalog.snapshot(store);
        await catalog.commit(compaction({ journalPositions: [first!], basis: contentVersion, counts: { purged: 2 } }));
        expect(await catalog.purgeAwaitsJournal("p")).toBe(false);
        expect(await catalog.awaitedStores()).toEqual([]);
        expect(await purge(), "what was dropped is counted").toMatchObject({ rows: 2, eventIds: 1 });
      });

      test("it goes from stage to stage once", async () => {
        await order();
        expect(await catalog.advancePurge("p", "files", { stage: "queries" })).toBe(false);
        expect(await catalog.advancePurge("p", "journal", { stage: "files" })).toBe(true);
        expect(await catalog.advancePurge("p", "journal", { stage: "files" })).toBe(false);
        expect(await catalog.advancePurge("p", "files", { stage: "queries", version: 7 })).toBe(true);
        expect(await catalog.advancePurge("p", "queries", { stage: "done", finishedAt: 40 })).toBe(true);
        expect(await purge()).toMatchObject({ stage: "done", version: 7, finishedAt: 40 });
      });

      test("it ends what has pinned an older version, waits for whoever works, and forgets", async () => {
        for (const queryId of ["old", "running", "later", "unpinned"]) await catalog.startQuery(query(queryId), 99);
        await catalog.startQuery(query("elsewhere", [other]), 99);
        await catalog.readyQuery("old");
        await catalog.readyQuery("running");
        await catalog.moveQuery("running", ["QUEUED"], { status: "RUNNING", startedAt: 6 });
        await order();
        await catalog.advancePurge("p", "journal", { stage: "queries", version: 1 });
        await catalog.readyQuery("later");
        await catalog.endPurgedQueries("p", "purged");
        expect((await catalog.activeQueries()).map(({ queryId }) => queryId)).toEqual([
          "elsewhere",
          "later",
          "unpinned",
        ]);
        expect(await catalog.getQuery("running")).toMatchObject({ status: "FAILED", errorMessage: "purged" });
        expect(await catalog.purgedQueries("p")).toEqual({ ended: ["old"], working: 1 });
        expect((await catalog.unsettledQueries()).map(({ queryId }) => queryId)).toEqual(["running"]);
        await catalog.settleQuery("running");
        expect(await catalog.unsettledQueries()).toEqual([]);
        expect((await catalog.purgedQueries("p")).ended.toSorted()).toEqual(["old", "running"]);
        for (const queryId of ["old", "running", "running"]) await catalog.forgetPurgedQuery("p", queryId);
        expect(await catalog.purgedQueries("p")).toEqual({ ended: [], working: 0 });
        expect(await purge()).toMatchObject({ results: 2 });
        await catalog.pinStores("backup", [store], { now: 1, until: Number.MAX_SAFE_INTEGER });
        expect((await catalog.purgedQueries("p")).working, "a pin of the new version").toBe(0);
      });

      test("a pin of an older version is waited for", async () => {
        await catalog.pinStores("backup", [store], { now: 1, until: Number.MAX_SAFE_INTEGER });
        await order();
        await catalog.advancePurge("p", "journal", { stage: "queries", version: 1 });
        expect(await catalog.purgedQueries("p")).toEqual({ ended: [], working: 1 });
        await catalog.unpin("backup");
        expect(await catalog.purgedQueries("p")).toEqual({ ended: [], working: 0 });
      });

      test("it takes the store's intents, and what was removed up to its version", async () => {
        const own = (file: string): string => `tables/${store}/${file}`;
        await append(store, "a");
        await compact(own("old"));
        await append(store, "b");
        await compact(own("later"));
        await catalog.addIntent(own("announced"), 1);
        await catalog.addIntent(`tables/${other}/announced`, 1);
        const removal = (path: string): StoreCommit => compaction({ kind: "retention", removeFiles: [path] });
        await catalog.commit(removal(own("old")));
        await order();
        await catalog.advancePurge("p", "journal", {
          stage: "objects",
          version: (await catalog.snapshot(store)).version,
        });
        await catalog.commit(removal(own("later")));
        expect((await catalog.takePurgedFiles("p")).toSorted()).toEqual([own("announced"), own("old")]);
        expect(await catalog.commit(compaction({ kind: "merge", intents: [own("announced")] }))).toMatchObject({
          kind: "conflict",
        });
        await catalog.forgetFiles([own("announced"), own("old")]);
        expect(await catalog.takePurgedFiles("p")).toEqual([]);
      });

      test("of a store that is no more nothing is left but the record that it was purged", async () => {
        await append(store, "a");
        await compact(`tables/${store}/p1`);
        await append(store, "b");
        await order("events");
        for (const queryId of ["q1", "q2"]) await catalog.startQuery(query(queryId), 99);
        await catalog.acquireLease(`care/${store}`, "a", 0, 1);
        await apply({ kind: "deleteStore", storeId: store, purgeId: "p", reason: "deleted" });
        expect(await catalog.activeQueries()).toEqual([]);
        expect(await catalog.getQuery("q1")).toMatchObject({ status: "FAILED", errorMessage: "deleted" });
        expect(await catalog.startQuery(query("late"), 99)).toBe("inactive");
        expect(await purge()).toMatchObject({ scope: "store", stage: "queries", rows: 3, files: 1 });
        expect(
          (await catalog.purges()).map(({ purgeId }) => purgeId),
          "its other purges are its own",
        ).toEqual(["p"]);
        const { ended } = await catalog.purgedQueries("p");
        expect(ended.toSorted()).toEqual(["q1", "q2"]);
        for (const queryId of ended) await catalog.forgetPurgedQuery("p", queryId);
        const paths = await catalog.takePurgedFiles("p");
        expect(paths).toEqual([`tables/${store}/p1`]);
        await catalog.forgetFiles(paths);
        await catalog.forgetStore(store);
        expect(await catalog.storeIds()).toEqual([other]);
        expect(await catalog.counters(store)).toMatchObject({ stored: 0 });
        expect(await catalog.tombstones(store, "", "z")).toEqual([]);
        expect(await catalog.acquireLease(`care/${store}`, "b", 0, 1)).toBe(true);
      });

      test("a store that waits for its deletion takes no query, and has its queries ended", async () => {
        await catalog.startQuery(query("q1", [store, other]), 99);
        await apply(
          { kind: "putStore", store: { ...storeRecord(store), status: "PENDING_DELETION", deletedAt: 9 } },
          { kind: "endQueries", storeId: store, reason: "deleted" },
        );
        expect((await catalog.readControl()).stores.get(store)).toMatchObject({ deletedAt: 9 });
        expect(await catalog.getQuery("q1")).toMatchObject({ status: "FAILED", errorMessage: "deleted" });
        expect(await catalog.startQuery(query("q2"), 99)).toBe("inactive");
        expect((await apply({ kind: "putStore", store: storeRecord(store) })).stores.get(store)).toEqual(
          storeRecord(store),
        );
        expect(await catalog.startQuery(query("q2"), 99)).toBe("queued");
      });
    });

    test("a lease is one holder's until released, or until it has stood still on the thief's clock", async () => {
      expect(await catalog.acquireLease("care", "a", 0, 10_000)).toBe(true);
      expect(await catalog.acquireLease("care", "b", 500, 10_000)).toBe(false);
      expect(await catalog.acquireLease("care", "a", 77, 10_000), "renewed").toBe(true);
      expect(await catalog.acquireLease("care", "b", 11_000, 10_000), "its counter moved").toBe(false);
      expect(await catalog.acquireLease("care", "b", 21_000, 10_000), "stood still").toBe(true);
      expect(await catalog.acquireLease("care", "a", 99, 10_000)).toBe(false);
      await catalog.releaseLease("care", "a");
      expect(await catalog.acquireLease("care", "a", 100, 10_000), "not a's to release").toBe(false);
      await catalog.releaseLease("care", "b");
      expect(await catalog.acquireLease("care", "a", 101, 10_000)).toBe(true);
    });
  });
}
