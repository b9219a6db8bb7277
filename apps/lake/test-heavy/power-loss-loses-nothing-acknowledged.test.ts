import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { powerLoss } from "./power-loss.ts";

const seed = Number(process.env["TRIBUTARY_SEED"] ?? Math.floor(Math.random() * 2 ** 31));
const hasStrace = process.platform === "linux" && spawnSync("strace", ["-V"]).status === 0;
if (!hasStrace) console.log("skipped: strace is not installed");

test.skipIf(!hasStrace)(
  "every 200 leaves after the sync that covers its events, and every crash image holds what was acknowledged",
  async () => {
    const verdict = await powerLoss({ seed, images: 150 });
    console.log(`seed ${seed}:`, JSON.stringify(verdict));
    expect(verdict.answers).toBeGreaterThan(50);
    expect(verdict.images).toBeGreaterThan(100);
    expect(verdict).toMatchObject({ early: 0, broken: [] });
  },
);

test.skipIf(!hasStrace)("with synchronous=OFF both checks fail", async () => {
  const { answers, early, broken } = await powerLoss({ seed, images: 60, fault: "synchronous-off" });
  console.log(`seed ${seed}: ${early} of ${answers} answers too early, ${broken.length} of 60 images broken`);
  expect(early).toBeGreaterThan(0);
  expect(broken.length).toBeGreaterThan(0);
});
