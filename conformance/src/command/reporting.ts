import { randomInt } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs, type ParseArgsOptionsConfig } from "node:util";
import { conforms, type Report, totals } from "../core/report.ts";
import type { RunOptions } from "../core/run-checks.ts";
import { badge } from "../report/badge.ts";
import { resultLines, summaryLines } from "../report/console-report.ts";
import { junitReport } from "../report/junit-report.ts";
import { markdownReport } from "../report/markdown-report.ts";
import { exitCodes, type Io } from "./io.ts";
import { UsageError } from "./usage-error.ts";

/** Options that every profile has. */
export const reportingOptions = {
  name: { type: "string" },
  grep: { type: "string" },
  seed: { type: "string" },
  path: { type: "string" },
  runs: { type: "string" },
  known: { type: "string" },
  strict: { type: "boolean" },
  quiet: { type: "boolean" },
  json: { type: "boolean" },
  junit: { type: "string" },
  markdown: { type: "string" },
  badge: { type: "string" },
} as const satisfies ParseArgsOptionsConfig;

/** Values of {@link reportingOptions}. */
export interface Reporting {
  readonly name?: string | undefined;
  readonly grep?: string | undefined;
  readonly seed?: string | undefined;
  readonly path?: string | undefined;
  readonly runs?: string | undefined;
  readonly known?: string | undefined;
  readonly strict?: boolean | undefined;
  readonly quiet?: boolean | undefined;
  readonly json?: boolean | undefined;
  readonly junit?: string | undefined;
  readonly markdown?: string | undefined;
  readonly badge?: string | undefined;
}

/** Reads a command line. Throws `UsageError`. */
export function parsed<Options extends ParseArgsOptionsConfig>(argv: readonly string[], options: Options) {
  try {
    return parseArgs({ args: [...argv], options }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

/**
 * What a run takes from the command line.
 * @param command the command line that repeats it, without these options
 */
export function runOptions(
  values: Reporting,
  command: string,
  io: Io,
): Pick<RunOptions<never>, "seed" | "path" | "only" | "strict" | "known" | "runs" | "onResult"> {
  return {
    seed: wholeNumber(values.seed, "--seed") ?? randomInt(2 ** 31),
    path: values.path,
    only: values.grep,
    strict: values.strict,
    known: values.known === undefined ? undefined : knownFailures(values.known),
    runs: wholeNumber(values.runs, "--runs"),
    onResult: (result) => {
      if (values.json === true || (values.quiet === true && result.status === "pass")) return;
      io.stdout.write(`${resultLines(result, { colour: io.stdout.isTTY === true, command })}\n`);
    },
  };
}

/** Throws `UsageError` where `--grep` leaves nothing to check. */
export function mustMatch(part: string | undefined, clauses: readonly { readonly clause: string }[]): void {
  if (part !== undefined && !clauses.some(({ clause }) => clause.includes(part)))
    throw new UsageError(`--grep ${part} matches no clause; tributary-conformance list prints their ids.`);
}

/** Prints and writes the report. Answers the exit code. */
export function tell(report: Report, values: Reporting, io: Io): number {
  io.stdout.write(values.json === true ? `${JSON.stringify(report, undefined, 2)}\n` : `${summaryLines(report)}\n`);
  if (values.junit !== undefined) writeFileSync(values.junit, junitReport(report));
  if (values.markdown !== undefined) writeFileSync(values.markdown, markdownReport(report));
  if (values.badge !== undefined) writeFileSync(values.badge, badge(report));
  if (totals(report).error > 0) return exitCodes.error;
  return conforms(report) ? exitCodes.conforms : exitCodes.fails;
}

/** Throws `UsageError` for what is no whole number. */
export function wholeNumber(text: string | undefined, option: string): number | undefined {
  if (text === undefined) return undefined;
  if (!/^-?\d{1,10}$/.test(text)) throw new UsageError(`${option} takes a whole number, not ${text}.`);
  return Number(text);
}

/** A JSON list of clause ids. */
function knownFailures(file: string): ReadonlySet<string> {
  let list: unknown;
  try {
    list = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new UsageError(`${file} cannot be read as JSON: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
  if (!Array.isArray(list) || !list.every((id) => typeof id === "string"))
    throw new UsageError(`${file} is no list of clause ids.`);
  return new Set<string>(list);
}
