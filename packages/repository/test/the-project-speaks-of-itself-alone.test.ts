import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { root, trackedFiles } from "./workspace.ts";

const text = trackedFiles().filter((file) => !/\.(png|jpg|gz|zst|parquet|woff2|lock)$/.test(file));
/** Spelt in parts, so that this file does not hold what it looks for. */
const words = [
  ["/wo", "rk/"],
  ["/ro", "ot/"],
  ["npmjs", ".org"],
  ["registry", ".npm"],
  ["files.python", "hosted"],
];

test.each(words.map((parts) => parts.join("")))("no file names %s", (word) => {
  const found = text.filter((file) => readFileSync(join(root, file), "utf8").includes(word));
  expect(found).toEqual([]);
});
