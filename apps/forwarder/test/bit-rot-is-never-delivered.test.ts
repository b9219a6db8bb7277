import { zstdCompressSync, zstdDecompressSync } from "node:zlib";
import { expect, test } from "vitest";
import { seededRandom } from "../src/delivery/back-off.ts";
import { decodeFrames, decodeResults, encodeFrames, encodeResults } from "../src/state/chunk-codec.ts";

const seed = Number(process.env["TRIBUTARY_SEED"] ?? Math.floor(Math.random() * 2 ** 31));

const frames = Array.from({ length: 20 }, (_, n) => ({
  bytes: Buffer.from(JSON.stringify({ n, at: "2026-01-01T00:00:00Z", text: `Größe ${"t".repeat(n * 7)}` })),
  offset: n * 1000,
  occurrence: n % 3,
  tooLong: false,
}));
const results = frames.map((_, frame) => ({
  frame,
  result: { kind: "event" as const, id: `id-${frame}`, part: 0, eventData: `{"n":${frame}}`, marks: [] },
}));

/** What it was before, or an error: nothing else may come of a damaged value. */
function read<T>(decode: (bytes: Uint8Array) => T, bytes: Uint8Array): T | "refused" {
  try {
    return decode(bytes);
  } catch {
    return "refused";
  }
}

test.each([
  ["records", encodeFrames(frames), decodeFrames as (bytes: Uint8Array) => unknown],
  ["mapped events", encodeResults(results), decodeResults as (bytes: Uint8Array) => unknown],
])("a flipped byte of what is stored, at any place, is found and never another record: %s", (_name, stored, decode) => {
  const random = seededRandom(seed);
  const whole = decode(stored);
  let refused = 0;
  for (let at = 0; at < stored.length; at++) {
    const damaged = Uint8Array.from(stored);
    damaged[at]! ^= 1 << Math.floor(random() * 8);
    const found = read(decode, damaged);
    if (found === "refused") refused++;
    // A bit that means nothing, in the frame's header, may come back as what it was.
    expect([whole, "refused"]).toContainEqual(found);
  }
  for (let length = 0; length < stored.length; length++)
    expect(read(decode, stored.subarray(0, length)), `cut at ${length}`).toBe("refused");
  console.log(`seed ${seed}: ${refused} of ${stored.length} flips refused`);
  expect(refused).toBeGreaterThan(stored.length * 0.95);
});

test("a frame that lost the bit that says that it has a checksum is damaged, one of an earlier version that never had one is not", () => {
  const stored = encodeFrames(frames);
  const flipped = Uint8Array.from(stored);
  flipped[4]! ^= 4;
  expect(zstdDecompressSync(flipped)).toEqual(zstdDecompressSync(stored));
  expect(() => decodeFrames(flipped)).toThrow(expect.objectContaining({ code: "STATE_DAMAGED" }));
  const earlier = zstdCompressSync(zstdDecompressSync(stored));
  expect(decodeFrames(earlier)).toEqual(decodeFrames(stored));
});
