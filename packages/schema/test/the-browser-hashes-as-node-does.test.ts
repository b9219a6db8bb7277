import { createHash } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { codePoints, toBase64, toBase64Url, toHex, utf8Length } from "../src/index.ts";
import * as browser from "../src/sha256/browser.ts";
import * as node from "../src/sha256/node.ts";

test("both digests are SHA-256 of the bytes, or of the text's UTF-8", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: "binary" }), fc.uint8Array()), (data) => {
      const expected = createHash("sha256").update(data);
      const hex = expected.copy().digest("hex");
      const base64Url = expected.copy().digest("base64url");
      const base64 = expected.digest("base64");
      for (const { sha256, sha256Base64, sha256Base64Url, sha256Hex } of [browser, node]) {
        expect(toHex(sha256(data))).toBe(hex);
        expect(sha256Hex(data)).toBe(hex);
        expect(sha256Base64(data)).toBe(base64);
        expect(sha256Base64Url(data)).toBe(base64Url);
      }
    }),
  );
});

test("the encodings are Node's", () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      const buffer = Buffer.from(bytes);
      expect(toHex(bytes)).toBe(buffer.toString("hex"));
      expect(toBase64(bytes)).toBe(buffer.toString("base64"));
      expect(toBase64Url(bytes)).toBe(buffer.toString("base64url"));
    }),
  );
});

test("lengths are of UTF-8 bytes and of code points, lone surrogates included", () => {
  const units = fc.array(fc.constantFrom("a", "é", "日", "\ud83d", "\ude00", "🎉")).map((parts) => parts.join(""));
  fc.assert(
    fc.property(fc.oneof(units, fc.string({ unit: "binary" })), (text) => {
      expect(utf8Length(text)).toBe(Buffer.byteLength(text, "utf8"));
      expect(codePoints(text)).toBe(Array.from(text).length);
    }),
  );
});

test("only the file for Node names a module or a global of Node", () => {
  const root = new URL("../src/", import.meta.url);
  const files = readdirSync(root, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".ts"));
  const bound = files.filter((name) =>
    /from "node:|\bBuffer\b|\bprocess\./.test(readFileSync(new URL(name, root), "utf8")),
  );
  expect(bound).toEqual(["sha256/node.ts"]);
});
