import { randomInt } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import type { Profile } from "../core/clause.ts";
import { conforms, type Report, totals } from "../core/report.ts";
import { runChecks } from "../core/run-checks.ts";
import { badge } from "../report/badge.ts";
import { resultLines, summaryLines } from "../report/console-report.ts";
import { junitReport } from "../report/junit-report.ts";
import { markdownReport } from "../report/markdown-report.ts";
import { serverProfiles } from "../server/server-profile.ts";
import { openServerWorld } from "../server/server-world.ts";
import { httpExchange } from "../wire/http-exchange.ts";
import { claimsOf, type Subject } from "../wire/subject.ts";
import { Wire } from "../wire/wire.ts";
import { identityOf } from "./identities.ts";
import { exitCodes, type Io } from "./io.ts";
import { UsageError } from "./usage-error.ts";

/** Checks one profile of a server. Answers the exit code. */
export async function checkServer(profile: Profile, argv: readonly string[], io: Io): Promise<number> {
  const { values } = parse(argv);
  const endpoint = values.endpoint ?? "";
  if (!/^https?:\/\/[^/]+\/?$/.test(endpoint))
    throw new UsageError("--endpoint takes the server's address, for instance http://127.0.0.1:4570.");
  const region = values.region ?? values.channel?.split(":")[3] ?? io.env["AWS_REGION"] ?? "us-east-1";
  const subject: Subject = {
    endpoint: endpoint.replace(/\/$/, ""),
    region,
    exchange: httpExchange(endpoint),
    owner: await identityOf(values.owner),
    other: values["other-account"] === undefined ? undefined : await identityOf(values["other-account"]),
    now: () => Date.now(),
  };
  const wire = new Wire(subject);
  const makes =
    values.channel !== undefined
      ? ""
      : `${values.store === undefined ? "an event data store (7 days) and " : ""}a channel, and deletes ${values.store === undefined ? "them" : "it"} at its end`;
  if (makes !== "" && values.yes !== true && !(await io.confirm(`This makes ${makes}, at ${subject.endpoint}. Go on?`)))
    throw new UsageError(`It would make ${makes}. Say --yes, or name --channel ARN.`);
  const world = await openServerWorld(wire, { channelArn: values.channel, storeArn: values.store });
  let report: Report;
  try {
    report = await runChecks({
      profile,
      checks: serverProfiles[profile] ?? [],
      world,
      subject: subject.endpoint,
      claimed: claimsOf(subject, values.channel === undefined),
      seed: wholeNumber(values.seed, "--seed") ?? randomInt(2 ** 31),
      path: values.path,
      only: values.grep,
      strict: values.strict,
      known: values.known === undefined ? undefined : knownFailures(values.known),
      runs: wholeNumber(values.runs, "--runs"),
      evidence: () => wire.evidence,
      forget: () => wire.forget(),
      onResult: (result) => {
        if (values.json === true || (values.quiet === true && result.status === "pass")) return;
        io.stdout.write(
          `${resultLines(result, { colour: io.stdout.isTTY === true, command: `tributary-conformance ${profile} --endpoint ${subject.endpoint}` })}\n`,
        );
      },
    });
  } finally {
    const left = await world.close();
    if (left.length > 0) io.stderr.write(`Could not be deleted, do it yourself: ${left.join(", ")}\n`);
  }
  return tell(report, values, io);
}

function tell(
  report: Report,
  files: { readonly json?: boolean; readonly junit?: string; readonly markdown?: string; readonly badge?: string },
  io: Io,
): number {
  if (files.json === true) io.stdout.write(`${JSON.stringify(report, undefined, 2)}\n`);
  else io.stdout.write(`${summaryLines(report)}\n`);
  if (files.junit !== undefined) writeFileSync(files.junit, junitReport(report));
  if (files.markdown !== undefined) writeFileSync(files.markdown, markdownReport(report));
  if (files.badge !== undefined) writeFileSync(files.badge, badge(report));
  if (totals(report).error > 0) return exitCodes.error;
  return conforms(report) ? exitCodes.conforms : exitCodes.fails;
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      options: {
        endpoint: { type: "string" },
        region: { type: "string" },
        channel: { type: "string" },
        store: { type: "string" },
        owner: { type: "string" },
        "other-account": { type: "string" },
        grep: { type: "string" },
        seed: { type: "string" },
        path: { type: "string" },
        runs: { type: "string" },
        known: { type: "string" },
        strict: { type: "boolean" },
        quiet: { type: "boolean" },
        yes: { type: "boolean" },
        json: { type: "boolean" },
        junit: { type: "string" },
        markdown: { type: "string" },
        badge: { type: "string" },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

function wholeNumber(text: string | undefined, option: string): number | undefined {
  if (text === undefined) return undefined;
  if (!/^-?\d{1,10}$/.test(text)) throw new UsageError(`${option} takes a whole number, not ${text}.`);
  return Number(text);
}

/** A JSON list of clause ids. */
function knownFailures(file: string): ReadonlySet<string> {
  const list: unknown = JSON.parse(readFileSync(file, "utf8"));
  if (!Array.isArray(list) || !list.every((id) => typeof id === "string"))
    throw new UsageError(`${file} is no list of clause ids.`);
  return new Set<string>(list);
}
