import { spawnSync } from "node:child_process";
import { mkdirSync, realpathSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { expect, test } from "vitest";
import { jsonElements, jsonLines } from "@tributary/adapter-kit";
import { nodeFiles } from "../src/tail/node-files.ts";
import line from "./support/line-adapter.ts";
import { quietMs, TailScene } from "./support/tail-scene.ts";
import { lines, scene } from "./support/scene.ts";

const log = "/logs/app.log";
const arrays = {
  ...line,
  formats: { jsonl: jsonLines, page: jsonElements("/events", (head) => head.startsWith('{"events')) },
};
const at = (from: number, count: number) => lines(count, (n) => ({ id: `t-${from + n}` }));
const ids = (tail: TailScene) => tail.texts.map((text) => (JSON.parse(text) as { id: string }).id);
const numbers = (from: number, count: number) => Array.from({ length: count }, (_, n) => `t-${from + n}`);

test("a line is read when its end is there, never before; where it stood is its place", async () => {
  const tail = new TailScene();
  const text = at(0, 3);
  for (let n = 0; n < text.length; n += 7) {
    tail.files.append(log, text.slice(n, n + 7));
    tail.files.now += 100;
    await tail.pass();
    const ends = text.slice(0, n + 7).split("\n").length - 1;
    expect(tail.texts.length).toBe(ends);
  }
  expect(tail.records.flatMap(({ frames }) => frames.map(({ offset }) => offset))).toEqual(
    [0, 1, 2].map((n) => (n * text.length) / 3),
  );
});

test("a last line without its end: a whole JSON object is read after the quiet time, half of one only when its file is rotated away", async () => {
  const tail = new TailScene();
  tail.files.append(log, `${at(0, 1)}${at(1, 1).trim()}`);
  await tail.pass();
  expect(ids(tail)).toEqual(["t-0"]);
  await tail.quiet();
  expect(ids(tail)).toEqual(["t-0", "t-1"]);
  tail.files.append(log, `\n${at(2, 1).slice(0, 20)}`);
  await tail.quiet();
  expect(ids(tail)).toEqual(["t-0", "t-1"]);
  tail.files.rename(log, `${log}.1`);
  await tail.pass();
  expect(tail.texts.length).toBe(2);
  await tail.quiet();
  expect(tail.texts.at(-1)).toBe(at(2, 1).slice(0, 20));
  expect(tail.texts.length).toBe(3);
});

test("since: end reads only what is written from then on, from the next line's start; new files are read whole, also after a new start", async () => {
  const tail = new TailScene({ since: "end" });
  tail.files.append(log, at(0, 5) + at(5, 1).slice(0, 10));
  await tail.pass();
  await tail.kill();
  tail.files.append(log, at(5, 1).slice(10));
  tail.files.append(`${log}.new`, at(20, 2));
  await tail.quiet();
  expect(ids(tail).toSorted()).toEqual(["t-20", "t-21", "t-5"]);
  // And a copy of what was not read is not read either.
  tail.files.copy(log, `${log}.1`);
  tail.files.write(log, at(30, 1));
  await tail.quiet();
  expect(ids(tail).toSorted()).toEqual(["t-20", "t-21", "t-30", "t-5"]);
});

test("what is no lines, and what is compressed, is read when it is complete; what is added later is read then", async () => {
  const tail = new TailScene({}, arrays);
  const page = (from: number, count: number) => `{"events":[${at(from, count).trim().split("\n").join(",")}]}`;
  tail.files.write(`${log}.json`, page(0, 3).slice(0, 70));
  tail.files.write(`${log}.gz`, gzipSync(at(10, 2)).subarray(0, 30));
  tail.files.write(`${log}.zst`, zstdCompressSync(at(20, 2)));
  await tail.pass();
  expect(tail.texts).toEqual([]);
  tail.files.now += quietMs - 1;
  tail.files.write(`${log}.json`, page(0, 3));
  tail.files.write(`${log}.gz`, gzipSync(at(10, 2)));
  await tail.pass();
  expect(ids(tail)).toEqual([]);
  await tail.quiet();
  expect(ids(tail).toSorted()).toEqual([...numbers(0, 3), ...numbers(10, 2), ...numbers(20, 2)].toSorted());
  // A second document, a second member.
  tail.files.append(`${log}.json`, `\n${page(3, 1)}`);
  tail.files.write(`${log}.gz`, Buffer.concat([gzipSync(at(10, 2)), gzipSync(at(12, 1))]));
  await tail.kill();
  await tail.quiet();
  expect(ids(tail).slice(7).toSorted()).toEqual(["t-12", "t-3"]);
  expect(tail.problems).toEqual([]);
});

test("a broken gzip file: what came before the broken place is read once, the problem is told once, and the rest when it is mended", async () => {
  const tail = new TailScene();
  const whole = gzipSync(lines(3000, (n) => ({ id: `t-${n}`, text: `${n * 7919}`.repeat(5) })));
  tail.files.write(`${log}.gz`, whole.subarray(0, whole.length - 2000));
  await tail.quiet();
  const some = tail.texts.length;
  expect(some).toBeGreaterThan(1000);
  expect(tail.problems.length).toBe(1);
  expect(tail.problems[0]).toContain("broken or cut off");
  tail.files.write(`${log}.gz`, whole);
  await tail.quiet();
  expect(ids(tail)).toEqual(numbers(0, 3000));
});

test("the inode of a deleted file is used again: the new file is read from its start, the old one to its end", async () => {
  const tail = new TailScene();
  tail.files.write(log, at(0, 4));
  await tail.pass();
  const { file } = tail.files.facts(log)!;
  await tail.tail.close();
  tail.files.remove(log);
  tail.files.write(`${log}.other`, at(50, 9));
  expect(tail.files.facts(`${log}.other`)!.file).toBe(file);
  await tail.kill();
  await tail.quiet();
  expect(ids(tail)).toEqual([...numbers(0, 4), ...numbers(50, 9)]);
});

test("files that begin alike are each read; a copy of one under another name gives the same places again", async () => {
  const tail = new TailScene({ paths: ["/logs/*"] });
  tail.files.write("/logs/a", at(0, 1));
  await tail.pass();
  tail.files.write("/logs/b", at(0, 1) + at(1, 1));
  tail.files.append("/logs/a", at(2, 1));
  await tail.pass();
  expect(ids(tail).toSorted()).toEqual(["t-0", "t-0", "t-1", "t-2"]);
  const places = tail.records.flatMap(({ frames }) => frames).filter(({ bytes }) => Buffer.from(bytes).includes("t-0"));
  expect(places.map(({ occurrence }) => occurrence)).toEqual([0, 0]);
});

test("written anew at the same length, between two looks: it is read from its start", async () => {
  const tail = new TailScene();
  tail.files.write(log, at(10, 3));
  await tail.pass();
  tail.files.now += 1000;
  tail.files.write(log, at(20, 3));
  await tail.pass();
  expect(ids(tail)).toEqual([...numbers(10, 3), ...numbers(20, 3)]);
});

test("a hole at the beginning, of a writer that goes on where it was when its file was cut, is no record", async () => {
  const tail = new TailScene();
  tail.files.write(log, at(0, 3));
  await tail.pass();
  tail.files.copy(log, `${log}.1`);
  tail.files.write(log, Buffer.concat([Buffer.alloc(300_000), Buffer.from(at(3, 2))]));
  await tail.pass();
  await tail.kill();
  tail.files.append(log, at(5, 1));
  await tail.quiet();
  expect(ids(tail)).toEqual(numbers(0, 6));
  expect(tail.problems).toEqual([]);
});

test("no permission: told once, tried again with every look, and read when it is given; the others go on", async () => {
  const tail = new TailScene();
  tail.files.write(log, at(0, 2));
  tail.files.write(`${log}.b`, at(10, 2));
  tail.files.forbidden.add(log);
  await tail.pass();
  await tail.quiet();
  expect(ids(tail)).toEqual(["t-10", "t-11"]);
  expect(tail.problems).toEqual([`${log}: Error: denied`]);
  tail.files.forbidden.clear();
  await tail.pass();
  expect(ids(tail)).toEqual(["t-10", "t-11", "t-0", "t-1"]);
});

test("a deleted file is read to its end and then let go", async () => {
  const tail = new TailScene();
  tail.files.write(log, at(0, 1));
  await tail.pass();
  tail.files.append(log, at(1, 1) + at(2, 1).trim());
  tail.files.remove(log);
  await tail.pass();
  expect(ids(tail)).toEqual(["t-0", "t-1"]);
  await tail.quiet();
  expect(ids(tail)).toEqual(["t-0", "t-1", "t-2"]);
  expect([tail.files.openNow, tail.tail.counts.followed]).toEqual([0, 0]);
});

test("a line over the limit goes on in pieces and is never read before its end", async () => {
  const pieces: { position: number; bytes: Uint8Array }[] = [];
  let kept = 0;
  const tail = new TailScene({ maxFrameBytes: 2_000_000 }, line, {
    keep: ({ position, bytes }, isFirst) => {
      if (isFirst) pieces.length = 0;
      kept++;
      pieces.push({ position, bytes: Uint8Array.from(bytes) });
      return Promise.resolve();
    },
  });
  const long = Buffer.alloc(5_000_000, "x");
  tail.files.append(log, `${at(0, 1)}${long.toString()}`);
  await tail.pass();
  expect([ids(tail), kept]).toEqual([["t-0"], 0]);
  tail.files.append(log, `\n${at(1, 1)}`);
  await tail.pass();
  const [, frame, last] = tail.records.flatMap(({ frames }) => frames);
  expect([frame!.tooLong, frame!.bytes.length, JSON.parse(Buffer.from(last!.bytes).toString()).id]).toEqual([
    true,
    2_000_000,
    "t-1",
  ]);
  const start = at(0, 1).length;
  expect(pieces[0]!.position).toBe(start + 2_000_000);
  expect(Buffer.concat(pieces.map(({ bytes }) => bytes)).equals(Buffer.from(`${"x".repeat(3_000_000)}\n`))).toBe(true);
  expect(tail.records.find(({ overlong }) => overlong.length > 0)!.overlong).toEqual([
    { frame: 0, from: start + 2_000_000, end: start + 5_000_001 },
  ]);
});

test("10,000 files: no more descriptors than allowed, every line once, and a look at those that did not change opens none", async () => {
  const tail = new TailScene({ paths: ["/logs/*"], maxOpen: 64 });
  for (let n = 0; n < 10_000; n++) tail.files.write(`/logs/${n}.log`, at(n * 10, 2));
  await tail.pass();
  expect(tail.texts.length).toBe(20_000);
  expect(tail.files.mostOpen).toBeLessThanOrEqual(64);
  const opened = tail.files.opens;
  await tail.pass();
  expect(tail.files.opens).toBe(opened);
  for (let n = 0; n < 10_000; n += 100) tail.files.append(`/logs/${n}.log`, at(n * 10 + 2, 1));
  tail.files.now += 1000;
  await tail.pass();
  expect(new Set(ids(tail)).size).toBe(20_100);
  expect(tail.texts.length).toBe(20_100);
  expect(tail.files.mostOpen).toBeLessThanOrEqual(64);
}, 60_000);

test("above the watermark reading stops, also within one large compressed file, and goes on when there is room", async () => {
  let full = false;
  const waiting: (() => void)[] = [];
  const tail = new TailScene({}, line, {
    room: () => (full ? new Promise<void>((resolve) => waiting.push(resolve)) : Promise.resolve()),
  });
  tail.files.write(`${log}.gz`, gzipSync(at(0, 30_000)));
  await tail.pass();
  full = true;
  tail.files.now += quietMs;
  const passing = tail.pass();
  // Whatever it asks for, it is not answered.
  for (let n = 0; n < 200; n++) await new Promise((resolve) => setImmediate(resolve));
  const before = tail.texts.length;
  expect(before).toBeLessThan(2000);
  while (tail.texts.length === before || full) {
    full = false;
    for (const wake of waiting.splice(0)) wake();
    await new Promise((resolve) => setImmediate(resolve));
  }
  await passing;
  await tail.quiet();
  expect(ids(tail)).toEqual(numbers(0, 30_000));
});

test("on this machine: directories with all below them, symbolic links once, what is excluded not, and what is no file not", () => {
  using place = scene();
  mkdirSync(join(place.directory, "in", "deep"), { recursive: true });
  mkdirSync(join(place.directory, "else"));
  for (const name of ["in/b.log", "in/deep/a.log", "in/.hidden", "in/c.tmp", "else/d.log"]) place.write(name, "x\n");
  symlinkSync(join(place.directory, "else", "d.log"), join(place.directory, "in", "link.log"));
  symlinkSync(join(place.directory, "else"), join(place.directory, "in", "links"));
  symlinkSync(join(place.directory, "in", "loop"), join(place.directory, "in", "loop"));
  spawnSync("mkfifo", [join(place.directory, "in", "pipe.log")]);
  const under = (name: string) => join(place.directory, name);
  const found = nodeFiles.find([under("in"), under("else/*.log"), under("nothing/**")], [under("in/*.tmp")]);
  expect(found).toEqual(["else/d.log", "in/b.log", "in/deep/a.log", "in/link.log"].map(under));
  // Two names of one file.
  expect(nodeFiles.facts(under("in/link.log"))).toEqual(nodeFiles.facts(under("else/d.log")));
  expect(nodeFiles.facts(under("in/pipe.log"))).toBeUndefined();
  expect(nodeFiles.siblings(under("in/link.log"))).toEqual([join(realpathSync(place.directory), "else", "d.log")]);
});
