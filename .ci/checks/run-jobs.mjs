import { spawn } from "node:child_process";
import { stripVTControlCharacters } from "node:util";
import { readVitestLog } from "./read-vitest-log.mjs";

// What the command writes goes to the first pipe, what bash measured to the second: seconds of a processor in user and in system mode,
// of the command and of every process below it that was waited for.
const measured = 'TIMEFORMAT="%U %S"; { time "$@" 2>&1; } 2>&3';

/**
 * Runs jobs, as many side by side as there are lanes, each as soon as there is a lane and the job named by `after` has ended, the first
 * of the list first. Prints when one begins and, when it has ended, what it wrote: of a suite all, of a check what it wrote last if it
 * failed; a job with `live` while it runs. Answers, in the list's order, what came of each: tests passed and failed (a check is one),
 * `seconds` on the clock, `processorSeconds`, `parts` (packages and files of tests with their seconds) and `excerpt`, what a failure said.
 *
 * @param jobs of `{ name, kind: "suite" | "check" | "step", command, after?, live?, env?, cwd? }`; a step counts as nothing unless it fails
 */
export async function runJobs(jobs, { lanes, print = (text) => process.stdout.write(text) }) {
  const ended = new Map();
  const running = new Map();
  const waiting = [...jobs];
  const toItsEnd = async (job) => {
    const result = await run(job, print);
    running.delete(job.name);
    ended.set(job.name, result);
    print(told(job, result));
  };
  while (ended.size < jobs.length) {
    const next = waiting.findIndex(({ after }) => after === undefined || ended.has(after));
    if (next !== -1 && running.size < lanes) {
      const [job] = waiting.splice(next, 1);
      print(`=== ${job.name}: begins\n`);
      running.set(job.name, toItsEnd(job));
    } else if (running.size > 0) await Promise.race(running.values());
    else
      throw new Error(`No job ends before ${waiting.map(({ name, after }) => `${name} (after ${after})`).join(", ")}.`);
  }
  return jobs.map(({ name }) => ended.get(name));
}

async function run({ name, kind, command, live = false, env, cwd }, print) {
  const began = performance.now();
  const child = spawn("bash", ["-c", measured, "bash", ...command], {
    stdio: ["ignore", "pipe", "inherit", "pipe"],
    env: { ...process.env, ...env },
    cwd,
  });
  let log = "";
  let times = "";
  child.stdout.setEncoding("utf8").on("data", (text) => {
    log += text;
    if (live) print(text);
  });
  child.stdio[3].setEncoding("utf8").on("data", (text) => (times += text));
  const code = await new Promise((resolve, reject) => child.once("error", reject).once("close", resolve));
  const seconds = (performance.now() - began) / 1000;
  const [user = 0, system = 0] = times.trim().split(" ").map(Number);
  log = stripVTControlCharacters(log);
  const result = { name, kind, log, seconds, processorSeconds: user + system, parts: [], passed: 0, failed: 0 };
  if (kind === "suite") Object.assign(result, readVitestLog(log, name));
  else if (kind === "check" && code === 0) result.passed = 1;
  if (code !== 0 && result.failed === 0) result.failed = 1;
  return { ...result, excerpt: code === 0 ? "" : excerptOf(result) };
}

/** What one sees of a job that has ended. */
function told({ name, kind, live }, { log, seconds, failed }) {
  const shown = live ? "" : kind === "suite" ? log : failed > 0 ? `${log.split("\n").slice(-60).join("\n")}\n` : "";
  return `${shown}=== ${name}: ${failed > 0 ? "FAILED" : "ok"} after ${seconds.toFixed(1)} s\n`;
}

/** The failures of a suite with a dozen lines each, the end of a check: once more, since a whole log is long. */
function excerptOf({ kind, log, name }) {
  const lines = log.split("\n");
  const shown =
    kind === "suite"
      ? lines.filter((_, at) =>
          lines.slice(Math.max(0, at - 12), at + 1).some((line) => / FAIL |ERROR {2}|ELIFECYCLE/.test(line)),
        )
      : lines.slice(-25);
  return [`FAILED: ${name}`, ...shown.slice(0, 80)].map((line) => line.slice(0, 400)).join("\n");
}
