import { channelReports, ingestionInWords, looked, namedChannel, policyInWords } from "../control/channel-report.ts";
import type { ControlPlane } from "../control/control-plane.ts";
import { externalIdOf } from "../control/external-id-of.ts";
import { howToUse } from "../control/how-to-use.ts";
import { printable, table } from "../terminal/table.ts";
import type { Io } from "./command.ts";
import { controlArguments, lakeEndpoint, openControlPlane } from "./control-options.ts";
import { exitCodes } from "./exit-codes.ts";
import { channelJson } from "./integration-list.ts";
import { parseCommandLine, usageError } from "./usage-error.ts";

/** `tributary integration show NAME` */
export async function integrationShow(argv: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = parseCommandLine(argv, { ...controlArguments, json: { type: "boolean" } });
  const [name] = positionals;
  if (name === undefined || positionals.length > 1)
    throw usageError("integration show takes the name, ARN or id of one channel.");
  const control = await openControlPlane(values, io);
  try {
    const [report] = await channelReports([await namedChannel(name, control)], control);
    if (report === undefined) return exitCodes.internal;
    const channel = "value" in report.channel ? report.channel.value : undefined;
    const stores = await Promise.all((channel?.stores ?? []).map((arn) => storeInWords(arn, control)));
    if (values.json === true) {
      io.stdout.write(`${JSON.stringify({ ...channelJson(report), eventDataStores: stores })}\n`);
      return exitCodes.ok;
    }
    const policy = "value" in report.policy ? report.policy.value : undefined;
    const tags =
      "value" in report.tags
        ? Object.entries(report.tags.value).map(([key, value]) => `${key}=${value ?? ""}`)
        : ["not known"];
    io.stdout.write(
      table([
        ["name", report.name],
        ["channel", report.arn],
        ["source", channel?.source ?? "not known"],
        ...stores.map((store): readonly string[] => [
          "store",
          "notKnown" in store
            ? `${store.arn} (not known)`
            : `${store.name}: ${store.status}, ${store.retentionDays} days  ${store.arn}`,
        ]),
        ["policy", policyInWords(report)],
        ["tags", tags.join(", ") || "none"],
        ["last taken", ingestionInWords(report)],
      ]),
    );
    if (policy !== undefined) io.stdout.write(`\n${printable(pretty(policy))}\n`);
    for (const look of [report.channel, report.policy, report.tags])
      if ("unknown" in look) io.stderr.write(`Not known: ${printable(look.unknown)}\n`);
    if (channel !== undefined) {
      const externalId = policy === undefined ? undefined : externalIdOf(policy, report.arn);
      const facts = { name: report.name, source: channel.source, channelArn: report.arn, externalId };
      io.stdout.write(
        `\n${printable(await howToUse({ ...facts, endpoint: lakeEndpoint(values, io.env), ca: values.ca }))}`,
      );
    }
    return exitCodes.ok;
  } finally {
    control.close();
  }
}

async function storeInWords(arn: string, control: ControlPlane) {
  const look = await looked(control.getStore(arn));
  if ("unknown" in look) return { arn, notKnown: look.unknown };
  const { name = "", status = "gone", retentionDays = 0, unfit } = look.value ?? {};
  return { arn, name, status, retentionDays, ...(unfit !== undefined && { unfit }) };
}

function pretty(policy: string): string {
  try {
    return JSON.stringify(JSON.parse(policy), null, 2);
  } catch {
    return policy;
  }
}
