import { rmSync, symlinkSync } from "node:fs";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { accept, json, refuse, scriptedServer, type ScriptedServer, store } from "./support/scripted-server.ts";
import { lines, scene, type Scene, sendTo } from "./support/scene.ts";
import { differencesOf } from "../src/state/differences-of.ts";
import { foldSettled } from "../src/state/fold-settled.ts";
import { stateReport } from "../src/state/state-report.ts";
import { withCommit } from "./support/with-commit.ts";
import type { Sender } from "../src/delivery/sender.ts";
import type { Store } from "../src/state/store.ts";

vi.setConfig({ testTimeout: 60_000 });

let server: ScriptedServer;
let place: Scene;
let sender: Sender;
beforeEach(async () => {
  server = await scriptedServer(accept);
  place = scene();
  sender = await sendTo(server.endpoint);
});
afterEach(async () => {
  place[Symbol.dispose]();
  await server.close();
});

const anonymous = (count: number) => lines(count, (n) => ({ id: undefined, what: n % 2 === 0 ? "same" : `what-${n}` }));

test("the same file again delivers nothing: already delivered", async () => {
  const file = place.write("in.jsonl", anonymous(300));
  expect(await place.run({ sender, files: [file] })).toMatchObject({ read: 300, delivered: 300 });
  const before = server.requests.length;
  expect(await place.run({ sender, files: [file] })).toMatchObject({
    read: 300,
    delivered: 0,
    alreadyDelivered: 300,
    balanced: true,
  });
  expect(server.requests.length).toBe(before);
});

/** A fifth of them dies, a fifth is dropped. */
const mixed = (count: number) =>
  lines(count, (n) => (n % 5 === 0 ? { at: "never" } : n % 5 === 1 ? { kind: "noise" } : {}));

const counted = async () => {
  const database = place.state();
  try {
    const [report] = await stateReport(database);
    const kept = await database.get("SELECT count(*) AS n FROM original");
    return { differences: differencesOf(report!), ...report!.counts, letters: report!.letters, kept: kept?.["n"] };
  } finally {
    await database.close();
  }
};

test("dead and dropped records of a file that is read again end anew, and count once; so do those of one that has grown", async () => {
  const file = place.write("in.jsonl", mixed(2500));
  const ended = { read: 2500, dead: 500, dropped: 500, balanced: true };
  expect(await place.run({ sender, files: [file] })).toMatchObject({ ...ended, delivered: 1500 });
  const before = await counted();
  expect(before).toMatchObject({ differences: [], read: 2500, dead: 500, letters: 500, dropped: 500, kept: 500 });
  for (let times = 1; times <= 2; times++) {
    expect(await place.run({ sender, files: [file] })).toMatchObject({ ...ended, alreadyDelivered: 1500 });
    expect(await counted()).toEqual({ ...before, read: 2500 + times * 1500, already: times * 1500 });
  }
  // Whatever was folded meanwhile.
  const database = place.state();
  while (
    await foldSettled(database, { now: Date.UTC(2026, 0, 3), rememberDays: 90, droppedDays: 90, droppedRecords: 1e6 })
  );
  await database.close();
  place.write("in.jsonl", mixed(2600));
  expect(await place.run({ sender, files: [file] })).toMatchObject({ read: 2600, dead: 520, dropped: 520 });
  expect(await counted()).toMatchObject({ differences: [], dead: 520, letters: 520, dropped: 520, kept: 520 });

  // Another file under its name: nothing that is known of the first one goes.
  place.write("in.jsonl", mixed(2500).replaceAll("id-", "it-"));
  expect(await place.run({ sender, files: [file] })).toMatchObject({ read: 2500, dead: 500, dropped: 500 });
  expect(await counted()).toMatchObject({ differences: [], dead: 1020, letters: 1020, dropped: 1020, kept: 1020 });
});

test("a second reading that dies at any commit, once or twice: whoever goes on with it counts each dead and dropped record once", async () => {
  const content = mixed(1500);
  const whole = { differences: [], dead: 300, letters: 300, dropped: 300, kept: 300, queued: 0 };
  const file = place.write("in.jsonl", content);
  expect(await place.run({ sender, files: [file] })).toMatchObject({ delivered: 900 });
  const reads = async (...dies: readonly number[]) => {
    for (const at of dies) {
      let commits = 0;
      const dying = (real: Store): Store =>
        withCommit(real, (changes) => (++commits < at ? real.commit(changes) : Promise.reject(new Error("It died."))));
      const end = await place.run({ sender, files: [file], wrap: dying }).then(
        ({ balanced }) => (balanced ? "It is whole." : "It is not balanced."),
        (error: unknown) => (error instanceof Error ? error.message : error),
      );
      expect(end).toBe(at < Number.POSITIVE_INFINITY ? "It died." : "It is whole.");
      if (commits < at) return commits;
    }
    return dies.length;
  };
  const commits = await reads(Number.POSITIVE_INFINITY);
  expect(await counted()).toMatchObject(whole);
  expect(commits).toBeGreaterThan(3);
  for (let at = 1; at <= commits; at++) {
    await reads(at, Number.POSITIVE_INFINITY);
    expect({ at, ...(await counted()) }).toMatchObject({ at, ...whole });
  }
  // Dies in the first half, goes on, and dies in the second.
  await reads(3, 3, Number.POSITIVE_INFINITY);
  expect(await counted()).toMatchObject(whole);

  // Before it goes on, another file has its name: what is known of the first one stays.
  await reads(3);
  await place.run({ sender });
  const before = await counted();
  place.write("in.jsonl", content.replaceAll("id-", "it-"));
  await reads(Number.POSITIVE_INFINITY);
  const after = await counted();
  expect([after.dead - before.dead, after.dropped - before.dropped]).toEqual([300, 300]);
});

test("a moved, gzipped or zstd copy keeps its ids", async () => {
  const content = Buffer.from(anonymous(300));
  await place.run({ sender, files: [place.write("in.jsonl", content)] });
  const copies = [
    place.write("moved.jsonl", content),
    place.write("in.gz", gzipSync(content)),
    place.write("in.zst", zstdCompressSync(content)),
  ];
  expect(await place.run({ sender, files: copies })).toMatchObject({
    read: 900,
    delivered: 0,
    alreadyDelivered: 900,
    balanced: true,
  });
});

test("two identical lines stay two events", async () => {
  const one = '{"at":"2026-01-01T00:00:00Z","what":"login"}\n';
  const file = place.write("in.jsonl", one + one + one);
  expect(await place.run({ sender, files: [file] })).toMatchObject({ read: 3, delivered: 3, balanced: true });
  expect(server.stored.size).toBe(3);
});

test("a file that has grown delivers only what is new", async () => {
  const file = place.write("in.jsonl", anonymous(10));
  await place.run({ sender, files: [file] });
  place.write("in.jsonl", anonymous(15));
  expect(await place.run({ sender, files: [file] })).toMatchObject({
    read: 15,
    delivered: 5,
    alreadyDelivered: 10,
    balanced: true,
  });
});

test("one id and the same bytes twice in a run: sent once", async () => {
  const file = place.write(
    "in.jsonl",
    lines(10, (n) => ({ id: `id-${n % 5}` })),
  );
  expect(await place.run({ sender, files: [file] })).toMatchObject({
    read: 10,
    delivered: 5,
    alreadyDelivered: 5,
    balanced: true,
  });
});

test("one id with other bytes: changed, not sent, unless asked to resend", async () => {
  await place.run({ sender, files: [place.write("a.jsonl", lines(3))] });
  const other = place.write(
    "b.jsonl",
    lines(3, () => ({ what: "Other" })),
  );
  expect(await place.run({ sender, files: [other] })).toMatchObject({
    read: 3,
    delivered: 0,
    changed: 3,
    balanced: true,
  });
  expect(await place.run({ sender, files: [other], resend: true })).toMatchObject({
    read: 3,
    delivered: 3,
    changed: 0,
    balanced: true,
  });
  expect(await place.run({ sender, files: [other] })).toMatchObject({ read: 3, alreadyDelivered: 3, balanced: true });
});

test("a follower of an event that dies is not taken for delivered", async () => {
  server.script = (request, response) =>
    json(response, 200, {
      successful: store(
        server,
        request.events.filter((event) => !event.eventData.includes("bad")),
      ),
      failed: request.events
        .filter((event) => event.eventData.includes("bad"))
        .map(({ id }) => ({ id, errorCode: "InvalidData", errorMessage: "no" })),
    });
  const file = place.write(
    "in.jsonl",
    lines(4, (n) => ({ id: "one", what: n < 2 ? "bad" : "good" })),
  );
  expect(await place.run({ sender, files: [file] })).toMatchObject({
    read: 4,
    dead: 2,
    delivered: 1,
    alreadyDelivered: 1,
    balanced: true,
  });
});

test("a rejected event does not move the watermark over itself: it is sent when it comes again", async () => {
  let refusing = true;
  server.script = (request, response) => {
    const bad = refusing ? request.events.filter((event) => event.id === "id-1") : [];
    json(response, 200, {
      successful: store(
        server,
        request.events.filter((event) => !bad.includes(event)),
      ),
      failed: bad.map(({ id }) => ({ id, errorCode: "InvalidData", errorMessage: "no" })),
    });
  };
  const file = place.write("in.jsonl", lines(3));
  expect(await place.run({ sender, files: [file] })).toMatchObject({ delivered: 2, dead: 1 });
  refusing = false;
  expect(await place.run({ sender, files: [file] })).toMatchObject({
    read: 3,
    delivered: 1,
    alreadyDelivered: 2,
    dead: 0,
    balanced: true,
  });
});

test("another file under an interrupted file's name is read from its start", async () => {
  const file = place.write("in.jsonl", "{}\n".repeat(1000) + lines(1500));
  expect(await place.run({ sender, files: [file] })).toMatchObject({
    read: 1000,
    dead: 1000,
    stopped: { kind: "paused" },
  });
  place.write(
    "in.jsonl",
    lines(1500, (n) => ({ id: `new-${n}` })),
  );
  expect(await place.run({ sender, files: [file] })).toMatchObject({ read: 1500, delivered: 1500, balanced: true });
});

test("two names of one file are one source", async () => {
  const file = place.write("in.jsonl", lines(5));
  const link = join(place.directory, "link.jsonl");
  symlinkSync(file, link);
  expect(await place.run({ sender, files: [file, link] })).toMatchObject({ read: 5, delivered: 5 });
  rmSync(link);
});

test("the same command after a stop goes on where it was, and does not read the file again", async () => {
  const file = place.write("in.jsonl", lines(300));
  server.script = (_request, response) => refuse(response, 400, "ChannelInsufficientPermission");
  expect(await place.run({ sender, files: [file] })).toMatchObject({ read: 300, queued: 300, resumed: 0 });
  server.script = accept;
  expect(await place.run({ sender, files: [file] })).toMatchObject({
    read: 300,
    resumed: 300,
    delivered: 300,
    balanced: true,
  });
  expect(await place.run({ sender, files: [file] })).toMatchObject({
    read: 300,
    resumed: 0,
    alreadyDelivered: 300,
    balanced: true,
  });
});

test("a state that cannot be written ends the run; what was sent and not written down goes again, nothing is lost", async () => {
  const file = place.write("in.jsonl", lines(2500));
  let commits = 0;
  const full = (real: Store): Store =>
    withCommit(real, async (changes) => {
      if (++commits === 5) throw new Error("database or disk is full");
      await real.commit(changes);
    });
  await expect(place.run({ sender, files: [file], wrap: full })).rejects.toThrow("disk is full");
  expect(await place.run({ sender, files: [file] })).toMatchObject({ dead: 0, changed: 0, queued: 0, balanced: true });
  expect(server.stored.size).toBe(2500);
});
