import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";

const module = new URL("../dist/bounded-heap.js", import.meta.url).href;

/** Objects that live through a few collections, in turns of the event loop as a forwarder has them; prints MB of the young generation. */
const churn = (bounded: boolean) => `
import v8 from "node:v8";
${bounded ? `import { boundHeap } from ${JSON.stringify(module)}; boundHeap();` : ""}
const held = [];
let largest = 0;
for (let turn = 0; turn < 1500; turn++) {
  held.push(Array.from({ length: 2000 }, (_, n) => ({ turn, n, text: "x" + n })));
  if (held.length > 40) held.shift();
  const { space_size } = v8.getHeapSpaceStatistics().find(({ space_name }) => space_name === "new_space");
  largest = Math.max(largest, space_size / 2 ** 20);
  await new Promise(setImmediate);
}
console.log(largest);`;

function youngMegabytes(bounded: boolean, env: Readonly<Record<string, string>> = {}): number {
  const { stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "--eval", churn(bounded)], {
    encoding: "utf8",
    env: { ...process.env, NODE_OPTIONS: "", ...env },
  });
  expect(stderr).toBe("");
  return Number(stdout);
}

test("the young generation of a busy forwarder does not grow to V8's own limit", () => {
  const unbounded = youngMegabytes(false);
  const bounded = youngMegabytes(true);
  expect(bounded).toBeGreaterThan(0);
  expect(bounded).toBeLessThanOrEqual(32);
  // What the bound is for: where V8's limit is no larger, nothing is shown here.
  expect(unbounded).toBeGreaterThanOrEqual(bounded);
});

test("sizes that NODE_OPTIONS sets are left alone", () => {
  expect(youngMegabytes(true, { NODE_OPTIONS: "--max-semi-space-size=64" })).toBeGreaterThan(32);
});
