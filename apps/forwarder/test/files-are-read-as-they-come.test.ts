import { gzipSync, zstdCompressSync } from "node:zlib";
import { expect, test } from "vitest";
import { jsonElements, jsonLines } from "@tributary/adapter-kit";
import line from "./support/line-adapter.ts";
import { quietMs, TailScene } from "./support/tail-scene.ts";
import { lines } from "./support/scene.ts";

const log = "/logs/app.log";
const arrays = {
  ...line,
  formats: { jsonl: jsonLines, page: jsonElements("/events", (head) => head.startsWith('{"events')) },
};
const at = (from: number, count: number) => lines(count, (n) => ({ id: `t-${from + n}` }));
const ids = (scene: TailScene) => scene.texts.map((text) => (JSON.parse(text) as { id: string }).id);
const numbers = (from: number, count: number) => Array.from({ length: count }, (_, n) => `t-${from + n}`);

test("a line is read when its end is there, never before; where it stood is its place", async () => {
  const scene = new TailScene();
  const text = at(0, 3);
  for (let n = 0; n < text.length; n += 7) {
    scene.files.append(log, text.slice(n, n + 7));
    scene.files.now += 100;
    await scene.pass();
    const ends = text.slice(0, n + 7).split("\n").length - 1;
    expect(scene.texts.length).toBe(ends);
  }
  expect(scene.records.flatMap(({ frames }) => frames.map(({ offset }) => offset))).toEqual(
    [0, 1, 2].map((n) => (n * text.length) / 3),
  );
});

test("a last line without its end: a whole JSON object is read after the quiet time, half of one only when its file is rotated away", async () => {
  const scene = new TailScene();
  scene.files.append(log, `${at(0, 1)}${at(1, 1).trim()}`);
  await scene.pass();
  expect(ids(scene)).toEqual(["t-0"]);
  await scene.quiet();
  expect(ids(scene)).toEqual(["t-0", "t-1"]);
  scene.files.append(log, `\n${at(2, 1).slice(0, 20)}`);
  await scene.quiet();
  expect(ids(scene)).toEqual(["t-0", "t-1"]);
  scene.files.rename(log, `${log}.1`);
  await scene.pass();
  expect(scene.texts.length).toBe(2);
  await scene.quiet();
  expect(scene.texts.at(-1)).toBe(at(2, 1).slice(0, 20));
  expect(scene.texts.length).toBe(3);
});

test("since: end reads only what is written from then on, from the next line's start; new files are read whole, also after a new start", async () => {
  const scene = new TailScene({ since: "end" });
  scene.files.append(log, at(0, 5) + at(5, 1).slice(0, 10));
  await scene.pass();
  await scene.kill();
  scene.files.append(log, at(5, 1).slice(10));
  scene.files.append(`${log}.new`, at(20, 2));
  await scene.quiet();
  expect(ids(scene).toSorted()).toEqual(["t-20", "t-21", "t-5"]);
  // And a copy of what was not read is not read either.
  scene.files.copy(log, `${log}.1`);
  scene.files.write(log, at(30, 1));
  await scene.quiet();
  expect(ids(scene).toSorted()).toEqual(["t-20", "t-21", "t-30", "t-5"]);
});

test("what is no lines, and what is compressed, is read when it is complete; what is added later is read then", async () => {
  const scene = new TailScene({}, arrays);
  const page = (from: number, count: number) => `{"events":[${at(from, count).trim().split("\n").join(",")}]}`;
  scene.files.write(`${log}.json`, page(0, 3).slice(0, 70));
  scene.files.write(`${log}.gz`, gzipSync(at(10, 2)).subarray(0, 30));
  scene.files.write(`${log}.zst`, zstdCompressSync(at(20, 2)));
  await scene.pass();
  expect(scene.texts).toEqual([]);
  scene.files.now += quietMs - 1;
  scene.files.write(`${log}.json`, page(0, 3));
  scene.files.write(`${log}.gz`, gzipSync(at(10, 2)));
  await scene.pass();
  expect(ids(scene)).toEqual([]);
  await scene.quiet();
  expect(ids(scene).toSorted()).toEqual([...numbers(0, 3), ...numbers(10, 2), ...numbers(20, 2)].toSorted());
  // A second document, a second member.
  scene.files.append(`${log}.json`, `\n${page(3, 1)}`);
  scene.files.write(`${log}.gz`, Buffer.concat([gzipSync(at(10, 2)), gzipSync(at(12, 1))]));
  await scene.kill();
  await scene.quiet();
  expect(ids(scene).slice(7).toSorted()).toEqual(["t-12", "t-3"]);
  expect(scene.problems).toEqual([]);
});

test("a broken gzip file: what came before the broken place is read once, the problem is told once, and the rest when it is mended", async () => {
  const scene = new TailScene();
  const whole = gzipSync(lines(3000, (n) => ({ id: `t-${n}`, text: `${n * 7919}`.repeat(5) })));
  scene.files.write(`${log}.gz`, whole.subarray(0, whole.length - 2000));
  await scene.quiet();
  const some = scene.texts.length;
  expect(some).toBeGreaterThan(1000);
  expect(scene.problems.length).toBe(1);
  expect(scene.problems[0]).toContain("broken or cut off");
  scene.files.write(`${log}.gz`, whole);
  await scene.quiet();
  expect(ids(scene)).toEqual(numbers(0, 3000));
});

test("the inode of a deleted file is used again: the new file is read from its start, the old one to its end", async () => {
  const scene = new TailScene();
  scene.files.write(log, at(0, 4));
  await scene.pass();
  const { file } = scene.files.facts(log)!;
  await scene.tail.close();
  scene.files.remove(log);
  scene.files.write(`${log}.other`, at(50, 9));
  expect(scene.files.facts(`${log}.other`)!.file).toBe(file);
  await scene.kill();
  await scene.quiet();
  expect(ids(scene)).toEqual([...numbers(0, 4), ...numbers(50, 9)]);
});

test("files that begin alike are each read; a copy of one under another name gives the same places again", async () => {
  const scene = new TailScene({ paths: ["/logs/*"] });
  scene.files.write("/logs/a", at(0, 1));
  await scene.pass();
  scene.files.write("/logs/b", at(0, 1) + at(1, 1));
  scene.files.append("/logs/a", at(2, 1));
  await scene.pass();
  expect(ids(scene).toSorted()).toEqual(["t-0", "t-0", "t-1", "t-2"]);
  const places = scene.records
    .flatMap(({ frames }) => frames)
    .filter(({ bytes }) => Buffer.from(bytes).includes("t-0"));
  expect(places.map(({ occurrence }) => occurrence)).toEqual([0, 0]);
});

test("written anew at the same length, between two looks: it is read from its start", async () => {
  const scene = new TailScene();
  scene.files.write(log, at(10, 3));
  await scene.pass();
  scene.files.now += 1000;
  scene.files.write(log, at(20, 3));
  await scene.pass();
  expect(ids(scene)).toEqual([...numbers(10, 3), ...numbers(20, 3)]);
});

test("no permission: told once, tried again with every look, and read when it is given; the others go on", async () => {
  const scene = new TailScene();
  scene.files.write(log, at(0, 2));
  scene.files.write(`${log}.b`, at(10, 2));
  scene.files.forbidden.add(log);
  await scene.pass();
  await scene.quiet();
  expect(ids(scene)).toEqual(["t-10", "t-11"]);
  expect(scene.problems).toEqual([`${log}: Error: denied`]);
  scene.files.forbidden.clear();
  await scene.pass();
  expect(ids(scene)).toEqual(["t-10", "t-11", "t-0", "t-1"]);
});

test("a deleted file is read to its end and then let go", async () => {
  const scene = new TailScene();
  scene.files.write(log, at(0, 1));
  await scene.pass();
  scene.files.append(log, at(1, 1) + at(2, 1).trim());
  scene.files.remove(log);
  await scene.pass();
  expect(ids(scene)).toEqual(["t-0", "t-1"]);
  await scene.quiet();
  expect(ids(scene)).toEqual(["t-0", "t-1", "t-2"]);
  expect([scene.files.openNow, scene.tail.counts.followed]).toEqual([0, 0]);
});

test("a line over the limit goes on in pieces and is never read before its end", async () => {
  const pieces: { position: number; bytes: Uint8Array }[] = [];
  let kept = 0;
  const scene = new TailScene({ maxFrameBytes: 2_000_000 }, line, {
    keep: ({ position, bytes }, isFirst) => {
      if (isFirst) pieces.length = 0;
      kept++;
      pieces.push({ position, bytes: Uint8Array.from(bytes) });
      return Promise.resolve();
    },
  });
  const long = Buffer.alloc(5_000_000, "x");
  scene.files.append(log, `${at(0, 1)}${long.toString()}`);
  await scene.pass();
  expect([ids(scene), kept]).toEqual([["t-0"], 0]);
  scene.files.append(log, `\n${at(1, 1)}`);
  await scene.pass();
  const [, frame, last] = scene.records.flatMap(({ frames }) => frames);
  expect([frame!.tooLong, frame!.bytes.length, JSON.parse(Buffer.from(last!.bytes).toString()).id]).toEqual([
    true,
    2_000_000,
    "t-1",
  ]);
  const start = at(0, 1).length;
  expect(pieces[0]!.position).toBe(start + 2_000_000);
  expect(Buffer.concat(pieces.map(({ bytes }) => bytes)).equals(Buffer.from(`${"x".repeat(3_000_000)}\n`))).toBe(true);
  expect(scene.records.find(({ overlong }) => overlong.length > 0)!.overlong).toEqual([
    { frame: 0, from: start + 2_000_000, end: start + 5_000_001 },
  ]);
});

test("10,000 files: no more descriptors than allowed, every line once, and a look at those that did not change opens none", async () => {
  const scene = new TailScene({ paths: ["/logs/*"], maxOpen: 64 });
  for (let n = 0; n < 10_000; n++) scene.files.write(`/logs/${n}.log`, at(n * 10, 2));
  await scene.pass();
  expect(scene.texts.length).toBe(20_000);
  expect(scene.files.mostOpen).toBeLessThanOrEqual(64);
  const opened = scene.files.opens;
  await scene.pass();
  expect(scene.files.opens).toBe(opened);
  for (let n = 0; n < 10_000; n += 100) scene.files.append(`/logs/${n}.log`, at(n * 10 + 2, 1));
  scene.files.now += 1000;
  await scene.pass();
  expect(new Set(ids(scene)).size).toBe(20_100);
  expect(scene.texts.length).toBe(20_100);
  expect(scene.files.mostOpen).toBeLessThanOrEqual(64);
}, 60_000);
