import { readFileSync } from "node:fs";
import { runChecks } from "../core/run-checks.ts";
import { commandShipper } from "../shipper/command-shipper.ts";
import { shipperChecks } from "../shipper/shipper-checks.ts";
import type { Io } from "./io.ts";
import { mustMatch, parsed, reportingOptions, runOptions, tell, wholeNumber } from "./reporting.ts";
import { UsageError } from "./usage-error.ts";

const options = {
  ...reportingOptions,
  command: { type: "string" },
  records: { type: "string" },
  timeout: { type: "string" },
} as const;

/** Enough for three calls, so that the second is neither the first nor the last. */
const fewest = 201;

/** Checks a shipper. Answers the exit code. */
export async function checkShipper(argv: readonly string[], io: Io): Promise<number> {
  const values = parsed(argv, options);
  const { command, records: file } = values;
  if (command === undefined || file === undefined)
    throw new UsageError("shipper takes --command and --records; tributary-conformance --help tells more.");
  let lines: readonly string[];
  try {
    lines = readFileSync(file, "utf8")
      .split("\n")
      .filter((line) => line.trim() !== "");
  } catch (error) {
    throw new UsageError(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
  if (lines.length < fewest || new Set(lines).size < lines.length)
    throw new UsageError(
      `${file} has ${lines.length} records; it takes ${fewest} and more, one a line, all different.`,
    );
  mustMatch(values.grep, shipperChecks);
  const { signal } = io.interruption;
  const shipper = commandShipper(command, io.env);
  const report = await runChecks({
    ...runOptions(values, `tributary-conformance shipper --records ${file} --command '...'`, io),
    profile: "shipper",
    checks: shipperChecks,
    world: {
      subject: {
        name: shipper.name,
        run: (setting, { kill, timeoutMs }) =>
          shipper.run(setting, { timeoutMs, kill: kill === undefined ? signal : AbortSignal.any([kill, signal]) }),
      },
      records: lines,
      timeoutMs: (wholeNumber(values.timeout, "--timeout") ?? 60) * 1000,
    },
    subject: values.name ?? command,
    claimed: new Set(),
    signal,
  });
  return tell(report, values, io);
}
