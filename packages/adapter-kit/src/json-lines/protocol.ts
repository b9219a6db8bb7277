import { Type as T } from "@sinclair/typebox";
import type { Static } from "@sinclair/typebox";

// The JSON-lines protocol: an adapter as a command, in any language. One JSON object a line, UTF-8, both ways; the first line is
// the command's hello, then one answer to each question, in their order. Its stderr is its log.

const text = T.String({ minLength: 1 });

/** The command's first line. */
export const Hello = T.Object({
  contract: T.Literal(1),
  name: text,
  source: T.String({ minLength: 1, description: 'A row of the table of sources; "Custom" for a vendor without one.' }),
  displayName: text,
  experimental: T.Optional(text),
  countsOccurrences: T.Optional(T.Boolean()),
  secrets: T.Optional(T.Array(text)),
  names: T.Optional(T.Array(text)),
  drops: T.Optional(T.Record(T.String(), text)),
  /** What makes a JSON value a record of the vendor's: members that must be there, by name and kind. Others are refused unasked. */
  requires: T.Optional(
    T.Record(
      T.String({ minLength: 1 }),
      T.Union(["string", "number", "boolean", "object", "array", "any"].map((kind) => T.Literal(kind))),
    ),
  ),
  /** JSON pointer of an array: each element is a record of its own. */
  split: T.Optional(T.String()),
  formats: T.Record(
    T.String({ minLength: 1 }),
    T.Object({
      frame: T.Union([T.Literal("line"), T.Literal("body"), T.Literal("csv"), T.Object({ elementsOf: T.String() })]),
      /** `json`: the host decodes, and asks with the record as JSON. `text`: the command gets the frame's text as a JSON string. */
      record: T.Optional(T.Union([T.Literal("json"), T.Literal("text")])),
    }),
    { minProperties: 1 },
  ),
});
export type Hello = Static<typeof Hello>;

/** What an event's members are is checked afterwards, as for every adapter. */
const Event = T.Object({}, { additionalProperties: true });

/** The command's answer to question `n`. */
export const Answer = T.Object({
  n: T.Integer(),
  result: T.Union([
    T.Object({ id: T.String(), event: Event }),
    T.Object({ dropped: T.String() }),
    T.Object({
      refused: T.Object({
        code: T.String({ pattern: "^[A-Z][A-Z0-9_]{0,63}$" }),
        message: T.String(),
        path: T.Optional(T.String()),
      }),
    }),
  ]),
});
export type Answer = Static<typeof Answer>;

/** What the command is asked. `id` is given when the host has one already: the record is masked then, and the id stays. */
export interface Question {
  readonly n: number;
  readonly record: unknown;
  readonly context: {
    readonly options: unknown;
    readonly origin: unknown;
    readonly accountId: string;
    readonly id?: string;
  };
}
