import { Type as T } from "@sinclair/typebox";
import {
  type Adapter,
  type AdapterDefinition,
  contentId,
  defineAdapter,
  idFrom,
  type Json,
  jsonArray,
  jsonLines,
  taking,
  textAt,
  utcSeconds,
} from "@tributary/adapter-kit";

const Example = T.Object({ action: T.String({ minLength: 1 }), at: T.Unknown() });
const NoOptions = T.Object({});
export type ReferenceDefinition = AdapterDefinition<typeof Example, typeof NoOptions>;

/** A small adapter that keeps every promise: what the checks of adapters are held against. */
export const referenceDefinition: ReferenceDefinition = {
  name: "example",
  source: "Custom",
  displayName: "Example",
  record: Example,
  secrets: ["pin", "/hidden"],
  drops: { heartbeat: "keep-alives" },
  countsOccurrences: true,
  formats: { lines: jsonLines, list: jsonArray },
  drop: (record) => (record.action === "heartbeat" ? "heartbeat" : undefined),
  eventId: (record, { origin }) => {
    const id = textAt(record, "id");
    return id === undefined ? contentId(record, origin.occurrence, "example") : idFrom(id);
  },
  toEvent: (record, { id }) => {
    const take = taking(record);
    return {
      version: "1",
      userIdentity: {
        type: take.text("actor", "type") ?? "Unknown",
        principalId: take.text("actor", "id") ?? "unknown",
      },
      eventSource: "example",
      eventName: take.text("action") ?? record.action,
      eventTime: utcSeconds(record.at),
      UID: take.text("id") ?? id,
      requestParameters: take.rest(),
    };
  },
};

/** The reference adapter, or one with a defect. */
export function referenceAdapter(change: Partial<ReferenceDefinition> = {}): Adapter {
  return defineAdapter({ ...referenceDefinition, ...change });
}

/** Files of its fixtures: `name.record.json`, and `name.context.json` with the format. */
export const referenceFixtures: Readonly<Record<string, string>> = Object.fromEntries(
  (
    [
      [
        "login",
        "lines",
        {
          id: "r-1",
          action: "login",
          at: "2026-01-01T10:00:00Z",
          actor: { type: "User", id: "ada", mfa: true },
          hidden: "x",
          more: [1, { a: "b" }],
        },
      ],
      ["without-an-id", "lines", { action: "logout", at: "2026-01-01T11:00:00Z", actor: { type: "User", id: "ada" } }],
      ["heartbeat", "lines", { action: "heartbeat", at: "2026-01-01T12:00:00Z" }],
      ["of-a-list", "list", [{ id: "r-4", action: "upload", at: "2026-01-01T13:00:00Z", size: 7 }]],
    ] satisfies readonly (readonly [string, string, Json])[]
  ).flatMap(([name, format, record]) => [
    [`${name}.record.json`, `${JSON.stringify(record)}\n`],
    [`${name}.context.json`, `${JSON.stringify({ format })}\n`],
  ]),
);
