import { randomInt } from "node:crypto";
import { parseArgs } from "node:util";
import type { Report } from "../core/report.ts";
import { totals } from "../core/report.ts";
import { differenceLines, differencesOf } from "../report/differences.ts";
import { serverOptions, serverReport, type ServerValues } from "./check-server.ts";
import { exitCodes, type Io } from "./io.ts";
import { parsed, reportingOptions } from "./reporting.ts";
import { serverProfile } from "./server-profile-of.ts";
import { UsageError } from "./usage-error.ts";

/** Checks two servers with the same seed, and tells which clauses end otherwise. Answers the exit code. */
export async function checkDifferences(argv: readonly string[], io: Io): Promise<number> {
  const [name = "", ...rest] = argv;
  const profile = serverProfile(name);
  const seed = String(randomInt(2 ** 31));
  const [one, other] = [0, 1].map((index) => parsed(argumentsOf(index, rest), serverOptions));
  if (one === undefined || other === undefined || one.endpoint === other.endpoint)
    throw new UsageError("diff takes --endpoint twice: two servers.");
  const report = (values: ServerValues): Promise<Report> =>
    serverReport(profile, { seed, ...values }, io, { onResult: undefined, evidenceOfPasses: true });
  const reports = [await report(one), await report(other)] as const;
  const found = differencesOf(...reports);
  io.stdout.write(one.json === true ? `${JSON.stringify(found, undefined, 2)}\n` : `${differenceLines(found)}\n`);
  if (reports.some((each) => totals(each).error > 0)) return exitCodes.error;
  return found.differences.length === 0 ? exitCodes.conforms : exitCodes.fails;
}

/** The command line of one endpoint: of an option that comes twice its own value, any other one as it stands. */
function argumentsOf(index: number, argv: readonly string[]): readonly string[] {
  const { tokens } = readTokens(argv);
  const options = tokens.filter((token) => token.kind === "option");
  return options.flatMap((token) => {
    const same = options.filter(({ name }) => name === token.name);
    if (same.length > 2) throw new UsageError(`--${token.name} comes ${same.length} times; there are two servers.`);
    if (same.length === 2 && token.name in reportingOptions)
      throw new UsageError(`--${token.name} comes twice; it is of both servers.`);
    if (same.length === 2 && same[index] !== token) return [];
    return token.value === undefined ? [`--${token.name}`] : [`--${token.name}=${token.value}`];
  });
}

function readTokens(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: serverOptions, tokens: true });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}
