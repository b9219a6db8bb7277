import { type SourceRow, TributaryError, findSource, scanJson, codePoints } from "@tributary/schema";
import { isJsonObject } from "../http/json-object.ts";

const members: ReadonlySet<string> = new Set([
  "name",
  "displayName",
  "type",
  "partnerAccountIds",
  "documentationUrl",
  "eventSources",
]);

/**
 * Reads a host's own sources: a JSON list of `{name, displayName, type, partnerAccountIds?, documentationUrl?,
 * eventSources?}`. `eventSources` is an allow-list. Throws `SOURCES_NOT_VALID`, naming the file, the source and the rule.
 */
export function parseSources(text: string, file: string): readonly SourceRow[] {
  const scanned = scanJson(text, { maxDepth: 3 });
  if (!scanned.ok) throw refusal(`${file} is not a list of sources: ${scanned.message}.`);
  const list: unknown = JSON.parse(text);
  if (!Array.isArray(list)) throw refusal(`${file} must hold a JSON list of sources.`);
  const rows = new Map<string, SourceRow>();
  for (const [index, entry] of (list as readonly unknown[]).entries()) {
    const name = isJsonObject(entry) && typeof entry["name"] === "string" ? entry["name"] : undefined;
    const where = `${file}, source ${index + 1}${name === undefined ? "" : ` (${JSON.stringify(name.slice(0, 256))})`}`;
    const row = readSource(entry, where);
    if (findSource(row.source)) throw refusal(`${where}: AWS has a source of that name, which the lake has already.`);
    if (rows.has(row.source)) throw refusal(`${where}: the name is given twice.`);
    rows.set(row.source, row);
  }
  return [...rows.values()];
}

function readSource(entry: unknown, where: string): SourceRow {
  if (!isJsonObject(entry)) throw refusal(`${where}: a source is an object with name, displayName and type.`);
  const stray = Object.keys(entry).find((member) => !members.has(member));
  if (stray !== undefined)
    throw refusal(`${where}: there is no member ${JSON.stringify(stray)}; there are ${[...members].join(", ")}.`);
  const { name, displayName, type, partnerAccountIds = [], documentationUrl, eventSources } = entry;
  if (!isText(name, 256)) throw refusal(`${where}: name must be text of 1 to 256 characters on one line.`);
  if (!isText(displayName, 256))
    throw refusal(`${where}: displayName must be text of 1 to 256 characters on one line.`);
  if (type !== "direct" && type !== "solution") throw refusal(`${where}: type must be "direct" or "solution".`);
  if (!isList(partnerAccountIds, (id) => typeof id === "string" && /^\d{12}$/.test(id)))
    throw refusal(`${where}: partnerAccountIds must be a list of account ids of 12 digits, in quotes.`);
  if (documentationUrl !== undefined && !isWebAddress(documentationUrl))
    throw refusal(`${where}: documentationUrl must be an https:// or http:// address.`);
  if (
    eventSources !== undefined &&
    (!isList(eventSources, (value) => isText(value, 1024)) || eventSources.length === 0)
  )
    throw refusal(
      `${where}: eventSources must be a list of at least one text of 1 to 1024 characters; leave it out to allow every eventSource.`,
    );
  return {
    source: name,
    displayName,
    type,
    partnerAccountIds,
    ...(documentationUrl !== undefined && { documentationUrl }),
    ...(eventSources !== undefined && { eventSources }),
  };
}

function isText(value: unknown, max: number): value is string {
  return typeof value === "string" && value !== "" && codePoints(value) <= max && !/\p{Cc}/u.test(value);
}

function isList(value: unknown, holds: (item: unknown) => boolean): value is readonly string[] {
  return Array.isArray(value) && value.every(holds);
}

function isWebAddress(value: unknown): value is string {
  return isText(value, 2048) && /^https?:\/\//.test(value) && URL.canParse(value);
}

function refusal(message: string): TributaryError {
  return new TributaryError(message, { code: "SOURCES_NOT_VALID" });
}
