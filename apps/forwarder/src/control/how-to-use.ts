import { findSource, parseCloudTrailArn } from "@tributary/schema";
import { builtInAdapters } from "../adapters/built-in.ts";
import { loadAdapter } from "../adapters/load-adapter.ts";

export interface IntegrationFacts {
  readonly name: string;
  readonly source: string;
  readonly channelArn: string;
  readonly externalId: string | undefined;
  /** Of a lake; undefined: AWS. */
  readonly endpoint: string | undefined;
  /** PEM file of certificates that are trusted for it. */
  readonly ca: string | undefined;
}

/** What to do with a channel that is ready, as text to paste. */
export async function howToUse(facts: IntegrationFacts): Promise<string> {
  const { source, channelArn, externalId, endpoint, ca } = facts;
  const row = findSource(source);
  const url = endpoint === undefined ? "" : ` --endpoint-url ${endpoint}`;
  const region = parseCloudTrailArn(channelArn)?.region ?? "";
  const partner =
    row?.type === "direct"
      ? `${row.displayName} sends by itself: give it the ARN of the channel and the external id${row.documentationUrl === undefined ? "" : ` (${row.documentationUrl})`}.\nWhere you ship its records yourself:\n\n`
      : "";
  return `Channel:     ${channelArn}
External id: ${externalId ?? "none"}

${partner}Put this into tributary.yaml, add where the records come from (tributary init shows all options), then: tributary doctor

${await yamlPiece(facts)}
Once something was sent, IngestionStatus shows it:

aws cloudtrail get-channel --region ${region} --channel ${channelArn}${url}${ca === undefined ? "" : ` --ca-bundle ${ca}`}
`;
}

/** The integration's part of `tributary.yaml`. */
export async function yamlPiece(facts: IntegrationFacts): Promise<string> {
  const { name, source, channelArn, externalId, endpoint, ca } = facts;
  const member = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9._-]/g, "-")
    .replace(/^[^a-z0-9]+/, "")
    .slice(0, 63);
  const lines = [
    "integrations:",
    `  - name: ${JSON.stringify(member === "" ? "integration" : member)}`,
    `    adapter: ${(await adapterOf(source)) ?? "CHANGE_ME  # no adapter of tributary adapters is of this source"}`,
    "    channel:",
    `      arn: ${channelArn}`,
    ...(externalId === undefined ? [] : [`      externalId: ${JSON.stringify(externalId)}`]),
    ...(endpoint === undefined ? [] : [`      endpoint: ${endpoint}`]),
    ...(ca === undefined ? [] : [`      ca: ${JSON.stringify(ca)}`]),
  ];
  return `${lines.join("\n")}\n`;
}

/** The built-in adapter of a source. */
async function adapterOf(source: string): Promise<string | undefined> {
  for (const name of Object.keys(builtInAdapters))
    if ((await loadAdapter(name, ".")).adapter.source === source) return name;
  return undefined;
}
