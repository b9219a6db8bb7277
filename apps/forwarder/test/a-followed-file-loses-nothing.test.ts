import * as fc from "fast-check";
import { expect, test } from "vitest";
import { TailScene } from "./support/tail-scene.ts";

const log = "/logs/app.log";

/** What happens to a log, one step at a time. */
const step = fc.oneof(
  { weight: 8, arbitrary: fc.record({ kind: fc.constant("write" as const), lines: fc.integer({ min: 1, max: 6 }) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("partial" as const) }) },
  { weight: 8, arbitrary: fc.record({ kind: fc.constant("pass" as const) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("kill" as const) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("fail" as const), after: fc.nat({ max: 2 }) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("rename" as const), late: fc.boolean() }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("copy" as const) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("truncate" as const) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("gzip" as const) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("gunlink" as const) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("quiet" as const) }) },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** A writer and a logrotate: every line it finishes is in `written`. */
class Writer {
  readonly written: string[] = [];
  readonly #scene: TailScene;
  #number = 0;
  #partial = "";
  #copied = false;
  /** Old lines that the next step may remove are in the copy. */
  #compressed: string | undefined;

  constructor(scene: TailScene) {
    this.#scene = scene;
  }

  async take(one: Step): Promise<void> {
    const { files } = this.#scene;
    // What is written between copying and cutting is lost by copytruncate itself.
    if (this.#copied && (one.kind === "write" || one.kind === "partial")) return;
    if (one.kind === "write") for (let n = 0; n < one.lines; n++) this.#line(log);
    else if (one.kind === "partial") this.#begin();
    else if (one.kind === "pass") await this.#scene.pass();
    else if (one.kind === "kill") await this.#scene.kill();
    else if (one.kind === "quiet") await this.#scene.quiet();
    else if (one.kind === "fail") this.#scene.failAfter = one.after;
    else if (one.kind === "rename" && files.has(log) && !this.#copied) {
      this.#shift();
      files.rename(log, `${log}.1`);
      // The writer has not been told yet.
      if (one.late) this.#line(`${log}.1`);
      else this.#end(`${log}.1`);
      files.write(log, "");
      this.#copied = false;
    } else if (one.kind === "copy" && this.#scene.isRead(log) && !this.#copied) {
      this.#end(log);
      this.#shift();
      files.copy(log, `${log}.1`);
      this.#copied = true;
    } else if (one.kind === "truncate" && this.#copied) {
      files.write(log, "");
      this.#copied = false;
    } else if (one.kind === "gzip" && files.has(`${log}.1`) && !this.#copied && this.#compressed === undefined) {
      files.gzip(`${log}.1`, `${log}.1.gz`);
      this.#compressed = `${log}.1`;
    } else if (one.kind === "gunlink" && this.#compressed !== undefined) this.#unlink();
    files.now += 300;
  }

  finish(): void {
    this.#end(log);
  }

  #text(): string {
    return JSON.stringify({ at: "2026-01-01T00:00:00Z", what: "Test", id: `id-${this.#number++}` });
  }

  #line(path: string): void {
    this.#end(path);
    const text = this.#text();
    this.#scene.files.append(path, `${text}\n`);
    this.written.push(text);
  }

  #begin(): void {
    this.#end(log);
    this.#partial = this.#text();
    this.#scene.files.append(log, this.#partial.slice(0, 20));
  }

  #end(path: string): void {
    if (this.#partial === "") return;
    this.#scene.files.append(path, `${this.#partial.slice(20)}\n`);
    this.written.push(this.#partial);
    this.#partial = "";
  }

  #unlink(): void {
    this.#scene.files.remove(this.#compressed!);
    this.#compressed = undefined;
  }

  /** Older ones go one number up; nothing is removed. */
  #shift(): void {
    const { files } = this.#scene;
    if (this.#compressed !== undefined) this.#unlink();
    for (const end of ["", ".gz"])
      for (let n = 30; n >= 1; n--)
        if (files.has(`${log}.${n}${end}`)) files.rename(`${log}.${n}${end}`, `${log}.${n + 1}${end}`);
  }
}

/** What was written, and what came of it. */
const story = async (steps: readonly Step[], scene: TailScene, isSeen = false) => {
  const writer = new Writer(scene);
  for (const one of steps) {
    await writer.take(one);
    // A commit that fails is made again.
    if (isSeen && one.kind !== "pass" && one.kind !== "kill" && one.kind !== "fail")
      for (let n = 0; n < 2; n++) await scene.pass();
  }
  writer.finish();
  await scene.quiet();
  return { problems: scene.problems, read: scene.texts.toSorted(), written: writer.written.toSorted() };
};

const runs = Number(process.env["RUNS"] ?? 400);

test("renamed, copied and cut, compressed, killed between any two steps: every line comes once", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 60 }), async (steps) => {
      const { problems, read, written } = await story(steps, new TailScene());
      expect(problems).toEqual([]);
      expect(read).toEqual(written);
    }),
    { numRuns: runs },
  );
}, 600_000);

test("the same where the pattern names only the newest file, one file may be open, and each line's file was seen", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 60 }), async (steps) => {
      const { problems, read, written } = await story(steps, new TailScene({ paths: [log], maxOpen: 1 }), true);
      expect(problems).toEqual([]);
      expect(read).toEqual(written);
    }),
    { numRuns: runs },
  );
}, 600_000);
