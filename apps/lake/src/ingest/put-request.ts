import { limits } from "@tributary/schema";
import { isJsonObject } from "../http/json-object.ts";
import { WireError, serializationError } from "../http/wire-error.ts";

/** One entry of a request whose shape is valid. */
export interface PutEntry {
  readonly id: string;
  readonly eventData: string;
  readonly eventDataChecksum?: string | undefined;
}

/** A request whose shape is valid. */
export interface PutRequest {
  /** ARN or id, as given. */
  readonly channel: string;
  readonly externalId: string | undefined;
  readonly entries: readonly PutEntry[];
}

const idPattern = /^[-_A-Za-z0-9]{1,128}$/;
const externalIdPattern = /^[\w+=,.@:/-]*$/;

/**
 * Reads the query and the body of PutAuditEvents. A member of the wrong JSON type throws SerializationException, one that
 * breaks a constraint ValidationException in Smithy's words. Written by hand: it runs for every entry. Spec 1.1, appendix B.
 */
export function readPutRequest(
  query: ReadonlyMap<string, string>,
  body: Readonly<Record<string, unknown>>,
): PutRequest {
  const problems: string[] = [];
  const channel = query.get("channelArn");
  if (channel === undefined) problems.push(missing("/channelArn"));
  const externalId = query.get("externalId");
  if (externalId !== undefined) checkExternalId(externalId, problems);
  const list = body["auditEvents"];
  const entries: PutEntry[] = [];
  if (list === undefined || list === null) problems.push(missing("/auditEvents"));
  else if (!Array.isArray(list)) throw serializationError("auditEvents must be a list.");
  else {
    // 8 MiB can hold millions of entries: a list too long is not read.
    if (list.length < 1 || list.length > limits.eventsPerRequest)
      problems.push(length("/auditEvents", list.length, 1, limits.eventsPerRequest));
    else for (let at = 0; at < list.length; at++) entries.push(readEntry(list[at], at, problems));
  }
  if (problems.length > 0 || channel === undefined) throw validationError(problems);
  return { channel, externalId, entries };
}

/** A shape constraint broken, all of them in one message. */
export function validationError(problems: readonly string[]): WireError {
  const shown = problems.slice(0, 20).join("; ");
  const message = `${problems.length} validation error${problems.length === 1 ? "" : "s"} detected. ${shown}`;
  return new WireError("ValidationException", message, { status: 400 });
}

function readEntry(value: unknown, at: number, problems: string[]): PutEntry {
  if (!isJsonObject(value)) throw serializationError(`auditEvents[${at}] must be an object.`);
  const { id, eventData, eventDataChecksum } = value;
  if (!isText(id) || !isText(eventData) || !isText(eventDataChecksum))
    throw serializationError(`id, eventData and eventDataChecksum of auditEvents[${at}] must be strings.`);
  const path = `/auditEvents/${at}`;
  if (id === undefined || id === null) problems.push(missing(`${path}/id`));
  else if (!idPattern.test(id))
    problems.push(
      id === "" || id.length > 128
        ? length(`${path}/id`, id.length, 1, 128)
        : pattern(`${path}/id`, "^[-_A-Za-z0-9]+$"),
    );
  if (eventData === undefined || eventData === null) problems.push(missing(`${path}/eventData`));
  return { id: id ?? "", eventData: eventData ?? "", eventDataChecksum: eventDataChecksum ?? undefined };
}

function checkExternalId(externalId: string, problems: string[]): void {
  const { min, max } = limits.externalId;
  if (externalId.length < min || externalId.length > max)
    problems.push(length("/externalId", externalId.length, min, max));
  else if (!externalIdPattern.test(externalId)) problems.push(pattern("/externalId", "^[\\w+=,.@:\\/-]*$"));
}

function isText(value: unknown): value is string | null | undefined {
  return typeof value === "string" || value === null || value === undefined;
}

function missing(path: string): string {
  return `Value at '${path}' failed to satisfy constraint: Member must not be null`;
}

function length(path: string, actual: number, min: number, max: number): string {
  return `Value with length ${actual} at '${path}' failed to satisfy constraint: Member must have length between ${min} and ${max}, inclusive`;
}

function pattern(path: string, expression: string): string {
  return `Value at '${path}' failed to satisfy constraint: Member must satisfy regular expression pattern: ${expression}`;
}
