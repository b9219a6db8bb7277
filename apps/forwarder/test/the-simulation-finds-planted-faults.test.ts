import { expect, test, vi } from "vitest";
import { checkScripts } from "./simulation/check-scripts.ts";
import { plantedFaults } from "./simulation/planted-faults.ts";

vi.setConfig({ testTimeout: 300_000 });

const seed = Number(process.env["TRIBUTARY_SEED"] ?? Math.floor(Math.random() * 2 ** 31));
/** As many as any-script-of-lives-keeps-the-sum.test.ts plays. */
const runs = 2000;

test.for(Object.entries(plantedFaults))("found: %s", async ([name, fault]) => {
  const { failed, scripts, report } = await checkScripts({ runs, seed, fault, asFound: true });
  console.log(`TRIBUTARY_SEED=${seed}: ${name}: script ${scripts + 1}: ${report.split("\n").at(-1) ?? ""}`);
  expect(failed).toBe(true);
});
