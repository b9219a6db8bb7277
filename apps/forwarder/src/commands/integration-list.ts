import {
  type ChannelReport,
  channelReports,
  ingestionInWords,
  policyInWords,
  setOf,
} from "../control/channel-report.ts";
import type { Named } from "../control/control-plane.ts";
import { table } from "../terminal/table.ts";
import type { Io } from "./command.ts";
import { controlArguments, openControlPlane } from "./control-options.ts";
import { exitCodes } from "./exit-codes.ts";
import { parseCommandLine, usageError } from "./usage-error.ts";

/** `tributary integration list` */
export async function integrationList(argv: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = parseCommandLine(argv, { ...controlArguments, json: { type: "boolean" } });
  if (positionals.length > 0) throw usageError("integration list takes no argument: integration show NAME shows one.");
  const control = await openControlPlane(values, io);
  try {
    const channels = await control.listChannels();
    const [reports, stores] = [await channelReports(channels, control), await storeNames(control.listStores())];
    if (values.json === true) for (const report of reports) io.stdout.write(`${JSON.stringify(channelJson(report))}\n`);
    else if (reports.length === 0)
      io.stdout.write("There is no channel in this account and region. tributary integration create makes one.\n");
    else
      io.stdout.write(
        table([
          ["NAME", "SOURCE", "STORES", "POLICY", "LAST TAKEN", "SET"],
          ...reports.map((report) => [
            report.name,
            "value" in report.channel ? report.channel.value.source : "not known",
            "value" in report.channel
              ? report.channel.value.stores.map((arn) => stores.get(arn) ?? arn).join(", ")
              : "not known",
            policyInWords(report),
            ingestionInWords(report),
            setOf(report) ?? "-",
          ]),
        ]),
      );
    return exitCodes.ok;
  } finally {
    control.close();
  }
}

/** Names of stores by ARN; none where they may not be listed. */
async function storeNames(listed: Promise<readonly Named[]>): Promise<ReadonlyMap<string, string>> {
  try {
    return new Map((await listed).map(({ arn, name }) => [arn, name]));
  } catch {
    return new Map();
  }
}

/** A channel for `--json`: what is not known is null, with the reason in `notKnown`. */
export function channelJson(report: ChannelReport): Readonly<Record<string, unknown>> {
  const { arn, name, channel, policy, tags } = report;
  const unknown = Object.entries({ channel, policy, tags }).flatMap(([member, look]) =>
    "unknown" in look ? [[member, look.unknown] as const] : [],
  );
  const found = "value" in channel ? channel.value : undefined;
  return {
    name,
    channelArn: arn,
    source: found?.source ?? null,
    stores: found?.stores ?? null,
    policy: "value" in policy ? asJson(policy.value) : null,
    tags: "value" in tags ? tags.value : null,
    ingestion: found?.ingestion ?? null,
    ...(unknown.length > 0 && { notKnown: Object.fromEntries(unknown) }),
  };
}

function asJson(policy: string | undefined): unknown {
  if (policy === undefined) return null;
  try {
    return JSON.parse(policy);
  } catch {
    return policy;
  }
}
