import { hash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { constants, gzipSync, zstdCompressSync } from "node:zlib";
import { TributaryError } from "@tributary/schema";
import { expect, test, vi } from "vitest";
import { decompress, peek } from "../src/input/decompress.ts";
import { findInputs } from "../src/input/input.ts";
import { accept, scriptedServer } from "./support/scripted-server.ts";
import { lines, scene, sendTo } from "./support/scene.ts";

vi.setConfig({ testTimeout: 60_000 });

/** As the zstd command writes it: with a checksum. */
const zstd = (bytes: Buffer) => zstdCompressSync(bytes, { params: { [constants.ZSTD_c_checksumFlag]: 1 } });

async function* pieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function inflated(bytes: Uint8Array, size: number): Promise<{ text: string; error: string }> {
  const chunks: Uint8Array[] = [];
  let error = "";
  try {
    for await (const chunk of decompress(pieces(bytes, size))) chunks.push(chunk);
  } catch (problem) {
    error = problem instanceof TributaryError ? problem.code : String(problem);
  }
  return { text: Buffer.concat(chunks).toString(), error };
}

/** The same without printing it all on failure. */
const sum = ({ text: all, error }: { readonly text: string; readonly error: string }) => ({
  digest: hash("sha256", all),
  length: all.length,
  error,
});

const text = Array.from({ length: 20_000 }, (_, n) => `line ${n} ${Math.sin(n)}\n`).join("");

for (const [kind, compress] of [
  ["gzip", gzipSync],
  ["zstd", zstd],
  ["plain", (bytes: Buffer) => bytes],
] as const)
  test(`${kind}: told by its first bytes, however it is cut, several members too`, async () => {
    const whole = compress(Buffer.from(text));
    for (const size of [1000, 65_536, 10_000_000])
      expect(sum(await inflated(whole, size))).toEqual(sum({ text, error: "" }));
    for (const size of [7001, whole.length, 10_000_000])
      expect(sum(await inflated(Buffer.concat([whole, whole, whole]), size))).toEqual(
        sum({ text: text + text + text, error: "" }),
      );
    expect(await inflated(compress(Buffer.from("")), 7)).toEqual({ text: "", error: "" });
  });

for (const [kind, compress] of [
  ["gzip", gzipSync],
  ["zstd", zstd],
] as const)
  test(`${kind} that is cut off or broken: what came before is kept, and it is an error`, async () => {
    const whole = compress(Buffer.from(text));
    const cut = await inflated(whole.subarray(0, whole.length - 20), 4000);
    expect(cut.error).toBe("INPUT_BROKEN");
    expect(text.startsWith(cut.text)).toBe(true);
    const flipped = Buffer.from(whole);
    flipped[whole.length >> 1]! ^= 0xff;
    expect((await inflated(flipped, 4000)).error).toBe("INPUT_BROKEN");
  });

test("a broken gzip tail: the records before it are delivered, the error is reported", async () => {
  const server = await scriptedServer(accept);
  using place = scene();
  const whole = gzipSync(Buffer.from(lines(5000, (n) => ({ what: `w${Math.sin(n)}` }))));
  const file = place.write("in.gz", whole.subarray(0, whole.length >> 1));
  const summary = await place.run({ sender: await sendTo(server.endpoint), files: [file] });
  await server.close();
  expect(summary.read).toBeGreaterThan(500);
  expect(summary).toMatchObject({ delivered: summary.read, dead: 0, balanced: true, inputs: [{ complete: false }] });
  expect(summary.inputs[0]!.error).toContain("cut off");
});

test("peek puts back what it took", async () => {
  for (const size of [1, 3, 100]) {
    const { head, rest } = await peek(pieces(Buffer.from("abcdefgh"), size), 4);
    expect(Buffer.from(head).toString().startsWith("abcd")).toBe(true);
    let all = "";
    for await (const chunk of rest) all += Buffer.from(chunk).toString();
    expect(all).toBe("abcdefgh");
  }
});

test("a directory is read in sorted order, below it too, without dot files; an unknown name is an error", async () => {
  using place = scene();
  const root = join(place.directory, "logs");
  mkdirSync(join(root, "b"), { recursive: true });
  for (const name of ["c.jsonl", "a.jsonl", join("b", "x.jsonl"), ".hidden"]) writeFileSync(join(root, name), "");
  const inputs = await findInputs([root], process.stdin);
  expect(inputs.map((input) => input.name.slice(root.length + 1))).toEqual([
    "a.jsonl",
    join("b", "x.jsonl"),
    "c.jsonl",
  ]);
  await expect(findInputs([join(root, "none")], process.stdin)).rejects.toMatchObject({ code: "INPUT_NOT_FOUND" });
});

test("an empty file is no error, and a file of no known format is one that stops nothing else", async () => {
  const server = await scriptedServer(accept);
  using place = scene();
  const line = (await import("./support/line-adapter.ts")).default;
  const adapter = { ...line, formats: { ...line.formats, other: line.formats["jsonl"]! } };
  const files = [place.write("a", ""), place.write("b", "<xml/>"), place.write("c", lines(2))];
  const summary = await place.run({ sender: await sendTo(server.endpoint), files, adapter });
  await server.close();
  expect(summary).toMatchObject({ read: 2, delivered: 2, balanced: true });
  expect(summary.inputs.map((input) => input.error === undefined)).toEqual([true, false, true]);
});
