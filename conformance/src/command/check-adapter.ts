import { resolve } from "node:path";
import { AdapterApart } from "../adapter/adapter-apart.ts";
import { adapterFile, type AdapterName, fixturesBeside } from "../adapter/load-adapter.ts";
import { runChecks } from "../core/run-checks.ts";
import type { Io } from "./io.ts";
import { mustMatch, parsed, reportingOptions, runOptions, tell } from "./reporting.ts";
import { timeLimit } from "./time-limit.ts";
import { UsageError } from "./usage-error.ts";

const options = {
  ...reportingOptions,
  adapter: { type: "string" },
  "adapter-command": { type: "string" },
  fixtures: { type: "string" },
  timeout: { type: "string" },
} as const;

/** Checks an adapter: a package, a file, or a command that speaks JSON lines. Answers the exit code. */
export async function checkAdapter(argv: readonly string[], io: Io): Promise<number> {
  const values = parsed(argv, options);
  const { adapter: module, "adapter-command": command } = values;
  if ((module === undefined) === (command === undefined))
    throw new UsageError("adapter takes --adapter NAME-OR-PATH or --adapter-command COMMAND.");
  const { name, fixtures: own } = named(module, command ?? "");
  const fixtures = values.fixtures === undefined ? own : resolve(values.fixtures);
  if (fixtures === undefined) throw new UsageError("--fixtures names the folder of the adapter's fixture pairs.");
  const words = module === undefined ? "--adapter-command '...'" : `--adapter ${module}`;
  const run = runOptions(values, `tributary-conformance adapter ${words}`, io);
  const apart = new AdapterApart({ name, fixtures, runs: run.runs, seed: run.seed, path: run.path });
  const limit = timeLimit(values.timeout, io);
  limit.signal.addEventListener("abort", () => apart.close());
  try {
    const checks = await apart.checks();
    mustMatch(values.grep, checks);
    const report = await runChecks({
      ...run,
      profile: "adapter",
      checks,
      world: undefined,
      subject: values.name ?? module ?? command ?? "",
      claimed: new Set(),
      signal: limit.signal,
    });
    return tell(report, values, io);
  } finally {
    limit.lift();
    apart.close();
  }
}

/** @param fixtures where a package has them */
function named(
  module: string | undefined,
  command: string,
): { readonly name: AdapterName; readonly fixtures: string | undefined } {
  if (module === undefined) {
    const [program, ...rest] = command.split(/\s+/).filter((word) => word !== "");
    if (program === undefined) throw new UsageError("--adapter-command takes a program and its arguments.");
    return { name: { command: [program, ...rest] }, fixtures: undefined };
  }
  try {
    return { name: { module }, fixtures: fixturesBeside(adapterFile(module)) };
  } catch (error) {
    throw new UsageError(`${module} is neither a file nor a package that is installed here.`, { cause: error });
  }
}
