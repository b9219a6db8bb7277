// Kills by hand: `node test-heavy/kill.ts --rounds 1000 --seed 7`, in the folder of the forwarder, after the build. Prints the verdict.
import { spawnSync } from "node:child_process";
import { randomInt } from "node:crypto";
import { parseArgs } from "node:util";
import { killRounds } from "./kill-rounds.ts";

const { values } = parseArgs({ options: { rounds: { type: "string", default: "100" }, seed: { type: "string" } } });
const seed = Number(values.seed ?? randomInt(2 ** 31));
const hasStrace = process.platform === "linux" && spawnSync("strace", ["-V"]).status === 0;
const verdict = await killRounds({ wanted: Number(values.rounds), seed, hasStrace });
console.log(JSON.stringify({ seed, ...verdict }, undefined, 2));
process.exitCode = verdict.problems.length > 0 || verdict.counted < Number(values.rounds) ? 1 : 0;
