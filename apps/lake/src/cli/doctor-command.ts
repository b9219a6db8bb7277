import { systemClock } from "../clock.ts";
import { examine } from "../doctor/examine.ts";
import type { Finding } from "../doctor/finding.ts";
import { thisMachine } from "../doctor/machine.ts";
import { type CommandIo, type CommandValues, UsageError, required } from "./command.ts";
import { masterKeySource } from "./master-key-options.ts";

/** `doctor`: exit code 0 when nothing fails, 1 otherwise; warnings fail nothing. */
export async function doctorCommand(values: CommandValues, io: CommandIo): Promise<number> {
  const { endpoint } = values;
  if (endpoint !== undefined && !/^https?:$/.test(URL.parse(endpoint)?.protocol ?? ""))
    throw new UsageError("--endpoint must be a URL such as http://127.0.0.1:4570.");
  const findings = await examine({
    data: required(values, "data"),
    masterKey: masterKeySource(values, io.env),
    childUser: values["child-user"] ?? "nobody",
    endpoint,
    machine: thisMachine,
    clock: systemClock,
  });
  io.stdout.write(values.json ? findings.map((one) => `${JSON.stringify(one)}\n`).join("") : table(findings));
  return findings.some(({ verdict }) => verdict === "fail") ? 1 : 0;
}

function table(findings: readonly Finding[]): string {
  const width = Math.max(...findings.map(({ check }) => check.length));
  return findings
    .map(({ check, verdict, found, fix }) => {
      const line = `${verdict.padEnd(4)}  ${check.padEnd(width)}  ${found}\n`;
      return fix === undefined ? line : `${line}${" ".repeat(width + 8)}${fix}\n`;
    })
    .join("");
}
