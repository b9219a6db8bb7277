import { execFileSync, spawnSync } from "node:child_process";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { checksumMatches, eventDataChecksum } from "../src/index.ts";
import vectors from "./vectors/checksums.json" with { type: "json" };

test("vectors", () => {
  for (const { eventData, eventDataChecksum: checksum } of vectors) expect(eventDataChecksum(eventData)).toBe(checksum);
});

const hasTools = ["bash", "openssl", "base64"].every(
  (tool) => spawnSync("sh", ["-c", `command -v ${tool}`]).status === 0,
);
if (!hasTools)
  console.warn("skipped: bash, openssl and base64 are needed to compare checksums with the guide's command");

test.skipIf(!hasTools)("the guide's command, with the variable quoted, prints the same", { timeout: 60_000 }, () => {
  const command = 'printf %s "$eventData" | openssl dgst -binary -sha256 | base64';
  const printed = (eventData: string): string =>
    execFileSync("bash", ["-c", command], { env: { ...process.env, eventData }, encoding: "utf8" }).trim();
  // An environment variable holds any text without NUL, in UTF-8.
  const text = fc
    .oneof(fc.json(), fc.string({ unit: "binary" }))
    .map((made) => made.replaceAll("\0", "").toWellFormed());
  fc.assert(
    fc.property(text, (eventData) => {
      expect(eventDataChecksum(eventData)).toBe(printed(eventData));
    }),
    {
      numRuns: 40,
      examples: [["  spaces  kept "], ["*"], ["%s\\n$HOME`id`"], ['{"a": "b  c", "g": "*"}\n'], ["日本🎉"]],
    },
  );
});

test("only the one spelling matches", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.string(), (eventData, other) => {
      const checksum = eventDataChecksum(eventData);
      expect(checksum).toMatch(/^[A-Za-z0-9+/]{43}=$/);
      expect(checksumMatches(eventData, checksum)).toBe(true);
      for (const wrong of [
        other,
        "",
        `${checksum}=`,
        checksum.slice(0, -1),
        ` ${checksum}`,
        `${checksum}\n`,
        `${checksum}${checksum}`,
      ])
        expect(checksumMatches(eventData, wrong)).toBe(false);
    }),
  );
});
