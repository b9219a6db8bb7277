import { type Json, type JsonObject, limits, shapes } from "../dist/index.js";

const dialect = "https://json-schema.org/draft/2020-12/schema";

/** The JSON Schema files of this package: file name to document. */
export function jsonSchemas(): ReadonlyMap<string, JsonObject> {
  const control: Record<string, unknown> = {};
  const data: Record<string, unknown> = {};
  for (const [name, shape] of Object.entries(shapes)) {
    if (name.startsWith("Policy") || name === "OpenObject") continue;
    if (dataPlane.has(name)) data[name] = shape;
    else control[name] = shape;
  }
  const documents: [name: string, title: string, description: string, body: JsonObject][] = [
    [
      "event-data.json",
      "eventData",
      `The content of eventData, as a lake accepts it. Not expressible here: eventData at most ${limits.server.event} bytes, ` +
        `requestParameters and responseElements ${limits.server.requestParameters}, additionalEventData ${limits.server.additionalEventData} ` +
        "(UTF-8, compact JSON); no key twice; at most 64 levels; eventTime a real moment; recipientAccountId the channel owner's.",
      nullable(plain(shapes.AuditEventData)),
    ],
    [
      "event-data.sender.json",
      "eventData, sender's reading",
      `The content of eventData, as it is safe to send. Not expressible here: eventData at most ${limits.sender.event} bytes, ` +
        `requestParameters and responseElements ${limits.sender.requestParameters}, additionalEventData ${limits.sender.additionalEventData} ` +
        "(UTF-8, compact JSON); no key twice; at most 64 levels; eventTime a real moment; recipientAccountId the channel owner's.",
      senderEvent(plain(shapes.AuditEventData)),
    ],
    [
      "data-plane.json",
      "PutAuditEvents",
      "Requests, answers and records of the data plane, in $defs.",
      definitions(data),
    ],
    [
      "control-plane.json",
      "CloudTrail Lake control plane",
      "Requests and answers of 24 operations, in $defs.",
      definitions(control),
    ],
    [
      "policy-document.json",
      "Channel policy",
      "The grammar of a channel's resource policy.",
      plain(shapes.PolicyDocument),
    ],
  ];
  return new Map(
    documents.map(([file, title, description, body]) => [file, { $schema: dialect, title, description, ...body }]),
  );
}

/** The text of a file. */
export function fileText(document: JsonObject): string {
  return `${JSON.stringify(document, null, 2)}\n`;
}

const dataPlane = new Set([
  "AuditEvent",
  "AuditEventData",
  "AuditEventId",
  "AuditEventResultEntry",
  "PutAuditEventsRequest",
  "PutAuditEventsResponse",
  "ResultErrorEntry",
  "StoredEvent",
]);

/** Without TypeBox's symbols, with `enum` for a union of constants. */
function plain(schema: unknown): JsonObject {
  const value: Json = JSON.parse(JSON.stringify(schema));
  return object(
    map(value, (node) => {
      const branches = node["anyOf"];
      if (!isArray(branches)) return node;
      const values = branches.map((branch) => (isObject(branch) ? branch["const"] : undefined));
      return values.every((each) => typeof each === "string") ? { type: "string", enum: values } : node;
    }),
  );
}

/** `$defs` of all shapes; objects and lists refer to each other by name, scalars stand where they are used. */
function definitions(named: Readonly<Record<string, unknown>>): JsonObject {
  const bodies = Object.entries(named).map(([name, schema]) => [name, plain(schema)] as const);
  const names = new Map<string, string>();
  for (const [name, body] of bodies)
    if ((body["type"] === "object" || body["type"] === "array") && !/(Request|Response)$/.test(name))
      names.set(JSON.stringify(body), name);
  const sorted = bodies.toSorted(([a], [b]) => (a < b ? -1 : 1));
  return { $defs: Object.fromEntries(sorted.map(([name, body]) => [name, refer(body, names)])) };
}

/** Replaces the named shapes inside a schema by references. */
function refer(schema: JsonObject, names: ReadonlyMap<string, string>): JsonObject {
  const inside = (child: Json): Json => {
    if (isArray(child)) return child.map(inside);
    if (!isObject(child)) return child;
    const name = names.get(JSON.stringify(child));
    return name === undefined ? refer(child, names) : { $ref: `#/$defs/${name}` };
  };
  return Object.fromEntries(Object.entries(schema).map(([key, child]) => [key, inside(child)]));
}

/** A lake takes null for an optional member as its absence. */
function nullable(schema: JsonObject): JsonObject {
  return object(
    map(schema, (node) => {
      const { properties, required } = node;
      if (!isObject(properties)) return node;
      const must = isArray(required) ? required : [];
      const members = Object.entries(properties).map(([key, member]) => {
        const optional = isObject(member) && !must.includes(key);
        return [key, optional ? { ...member, type: [member["type"] ?? null, "null"] } : member] as const;
      });
      return { ...node, properties: Object.fromEntries(members) };
    }),
  );
}

/** No unknown key, no empty required string, IP literals, one form of time. */
function senderEvent(schema: JsonObject): JsonObject {
  const closed = object(
    map(schema, (node) => {
      const { properties, required } = node;
      if (!isObject(properties) || !isArray(required)) return node;
      const members = Object.entries(properties).map(([key, member]) => {
        if (!isObject(member) || member["type"] !== "string" || !required.includes(key)) return [key, member] as const;
        return [key, { ...member, minLength: 1 }] as const;
      });
      return { ...node, additionalProperties: false, properties: Object.fromEntries(members) };
    }),
  );
  const properties = object(closed["properties"]);
  return {
    ...closed,
    properties: {
      ...properties,
      eventTime: { type: "string", pattern: "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$" },
      sourceIPAddress: { type: "string", anyOf: [{ format: "ipv4" }, { format: "ipv6" }] },
    },
  };
}

/** Applies `change` to every object of a value, the innermost first. */
function map(value: Json, change: (node: JsonObject) => JsonObject): Json {
  if (isArray(value)) return value.map((element) => map(element, change));
  if (!isObject(value)) return value;
  return change(Object.fromEntries(Object.entries(value).map(([key, child]) => [key, map(child, change)])));
}

function object(value: Json | undefined): JsonObject {
  if (!isObject(value)) throw new TypeError("a schema must be an object");
  return value;
}

function isArray(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
