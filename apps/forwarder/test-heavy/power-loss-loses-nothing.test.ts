import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { powerLoss } from "./power-loss.ts";

const seed = Number(process.env["TRIBUTARY_SEED"] ?? Math.floor(Math.random() * 2 ** 31));
const hasStrace = process.platform === "linux" && spawnSync("strace", ["-V"]).status === 0;
if (!hasStrace) console.log("skipped: strace is not installed");

test.runIf(hasStrace)(
  "a push is answered after the sync that covers it, and every disk that a power loss leaves holds what was acknowledged and what a cursor covers",
  async () => {
    const verdict = await powerLoss({ seed, images: 150 });
    console.log(`seed ${seed}:`, JSON.stringify(verdict));
    expect(verdict).toMatchObject({ answers: 30, early: 0, broken: [] });
    expect(verdict.images).toBeGreaterThan(100);
  },
);

test.runIf(hasStrace)("with synchronous = OFF both checks fail", async () => {
  const program = fileURLToPath(new URL("faulty-forwarder.ts", import.meta.url));
  const verdict = await powerLoss({ seed, images: 60, program, env: { PLANTED_FAULT: "synchronous-off" } });
  console.log(
    `seed ${seed}: ${verdict.early} of ${verdict.answers} answers too early, ${verdict.broken.length} broken`,
  );
  expect(verdict.early).toBeGreaterThan(0);
  expect(verdict.broken.length).toBeGreaterThan(0);
});
