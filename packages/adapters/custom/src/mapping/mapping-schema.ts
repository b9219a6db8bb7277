import { Type as T } from "@sinclair/typebox";
import type { Static } from "@sinclair/typebox";
import { builtInNames } from "../formats/names.ts";
import { expressionSchemas } from "./expression-schema.ts";

const closed = { additionalProperties: false } as const;

/** What `format` of a time can be; without it every one of them is tried, by the look of the value. */
export const timeFormats = ["iso", "epoch-s", "epoch-ms", "epoch-us", "epoch-ns", "rfc3164"] as const;

const literals = <const Names extends readonly string[]>(names: Names, description: string) =>
  T.Unsafe<Names[number]>(
    T.Union(
      names.map((name) => T.Literal(name)),
      { description },
    ),
  );

const zone = (description: string) =>
  T.String({
    pattern: "^(?:Z|UTC|[+-]\\d\\d:\\d\\d|[A-Za-z][A-Za-z0-9_+-]*(?:/[A-Za-z0-9_+-]+)+)$",
    description: `${description}: Z, an offset such as +02:00, or a name such as Europe/Berlin.`,
    is: "a zone",
    fix: "write Z, an offset such as +02:00, or a name such as Europe/Berlin",
  });

const pointer = (description: string) =>
  T.String({ pattern: "^/", description, is: "a JSON pointer", fix: 'write "/%"' });

const member = (description: string) => T.Optional(T.Union([T.Ref("Expression"), T.Null()], { description }));
const members = (description: string) => T.Optional(T.Union([T.Ref("Members"), T.Null()], { description }));

const language = T.Module({
  ...expressionSchemas,
  Time: T.Union(
    [
      T.String({
        pattern: "^/|\\{/",
        description: "A JSON pointer, or a template of pointers in braces.",
        is: "a JSON pointer or a template",
        fix: 'write "/%" to read the member of that name, or "{/date} {/clock}" to join members',
      }),
      T.Array(T.Ref("Time"), { minItems: 1, description: "The first of these that can be read as a time." }),
      T.Object(
        {
          from: T.Ref("Expression", { description: "The value that is a time." }),
          format: T.Optional(literals(timeFormats, "How it is written. Without it: by the look of the value.")),
          pattern: T.Optional(
            T.Ref("Expression", {
              description:
                "A pattern of Java's SimpleDateFormat, for instance {const: dd/MM/yyyy HH:mm:ss}, in place of a format.",
            }),
          ),
          zone: T.Optional(zone("The zone of a time that names none, by default that of the mapping")),
        },
        { ...closed, description: "A time, with how it is written." },
      ),
      T.Object(
        { receivedAt: T.Literal(true) },
        {
          ...closed,
          description:
            "When the record was received. The event says so in additionalEventData.eventTimeFrom, and a record without an id of its own gets one by its arrival too.",
        },
      ),
      T.Object(
        {
          when: T.Ref("Condition"),
          use: T.Ref("Time", { description: "Where the condition holds." }),
          else: T.Optional(T.Ref("Time", { description: "Where it does not." })),
        },
        { ...closed, description: "One of two times, by a condition." },
      ),
    ],
    { description: "When it happened. The fraction of a second is cut off; the original stays in the rest." },
  ),
  Id: T.Union(
    [
      T.String({
        pattern: "^/|\\{/|^content$",
        description: "A pointer or template of the record's own id; or `content` for a digest of the record.",
        is: "a JSON pointer, a template or the word content",
        fix: 'write "/%" to read the member of that name, or content for a digest of the record',
      }),
      T.Array(T.Ref("Expression"), { minItems: 1, description: "The first of these that the record has." }),
      T.Object(
        {
          all: T.Array(T.Ref("Expression"), {
            minItems: 1,
            description: "Values that identify a record together: the id is their digest.",
          }),
        },
        { ...closed, description: "An id of several values." },
      ),
    ],
    {
      description:
        "What tells two records apart, the same whenever a record is read again. A record that lacks it gets a digest of its content; equal records of a stream are counted apart. Default: content.",
    },
  ),
  UserIdentity: T.Object(
    {
      type: member("What acted: User, Service ... Default: Unknown."),
      principalId: member("Who acted. `unknown` where the record does not tell."),
      details: members("More about them."),
    },
    { ...closed, description: "Who acted." },
  ),
  Event: T.Object(
    {
      version: member("The version of the record's form. Default: 1."),
      userIdentity: T.Optional(T.Ref("UserIdentity")),
      userAgent: member("The program they used."),
      eventSource: member("Where it happened: the name of the application."),
      eventName: member("What happened."),
      eventTime: T.Optional(T.Ref("Time")),
      UID: member("The record's own id. Default: what `id` reads."),
      requestParameters: members("What was asked for."),
      responseElements: members("What was answered."),
      errorCode: member("What went wrong. Only for failures: leave it absent for successes, with `when`."),
      errorMessage: member("What went wrong, in words."),
      sourceIPAddress: member(
        "The address they came from. A port and brackets are cut; what is no address counts as absent.",
      ),
      additionalEventData: members("Anything else that must be named. The rest of the record joins it by itself."),
    },
    {
      ...closed,
      description: "The members of eventData, each with how it is made. null takes back what was inherited.",
    },
  ),
  Kind: T.Object(
    {
      name: T.String({ minLength: 1, description: "Its name, for messages." }),
      when: T.Optional(
        T.Ref("Condition", { description: "Which records are of this kind. Without it: all that are left." }),
      ),
      event: T.Ref("Event"),
    },
    { ...closed, description: "A kind of record: its `event` is laid over the common one." },
  ),
  Rule: T.Object(
    {
      why: T.String({ minLength: 1, description: "Why nobody misses these records." }),
      when: T.Ref("Condition"),
    },
    { ...closed, description: "A rule that drops records. They are counted under its name." },
  ),
  Mapping: T.Object(
    {
      version: T.Literal(1, { description: "The version of this language: 1." }),
      name: T.Optional(
        T.String({
          pattern: "^[a-z][a-z0-9-]{0,63}$",
          description:
            "Of the application; ids made of content begin with it. Default: that of `extends`, else custom.",
          is: "a name",
          fix: "use lower case letters, digits and hyphens, a letter first, 64 at most",
        }),
      ),
      extends: T.Optional(
        literals(
          builtInNames,
          "A built-in format: its reader and its table, over which this document is laid. Records of other formats are refused.",
        ),
      ),
      zone: T.Optional(zone("The zone of times that name none, by default Z")),
      split: T.Optional(
        T.Object(
          {
            at: pointer("Where the array is. Each of its elements becomes a record of its own."),
            keep: T.Optional(
              T.Boolean({
                description:
                  "true (default): each record is the whole document with the one element in the array's place. false: it is the element alone, what is around it is not sent.",
              }),
            ),
            index: T.Optional(pointer("Where to write the element's number, from 0, for ids.")),
          },
          { ...closed, description: "One document that holds several records." },
        ),
      ),
      drop: T.Optional(
        T.Record(T.String({ pattern: "^[a-z][a-z0-9-]{0,63}$" }), T.Ref("Rule"), {
          ...closed,
          description: "Rules by name. The first that holds drops the record.",
          keyIs: "a name for a rule",
          keyFix: "use lower case letters, digits and hyphens, a letter first",
        }),
      ),
      redact: T.Optional(
        T.Array(T.String({ minLength: 1 }), {
          description:
            "Keys, wherever they stand, and JSON pointers (* is any one step) whose values are replaced by ***, beside those that are always masked.",
        }),
      ),
      rest: T.Optional(
        literals(
          ["additionalEventData", "requestParameters"],
          "Where what the document does not name goes. additionalEventData (default) holds 28 kB, requestParameters 100 kB.",
        ),
      ),
      id: T.Optional(T.Ref("Id")),
      event: T.Optional(T.Ref("Event")),
      kinds: T.Optional(
        T.Array(T.Ref("Kind"), {
          minItems: 1,
          description: "Kinds of records: the first whose `when` holds. A record of none of them is refused.",
        }),
      ),
    },
    {
      ...closed,
      description: "How the records of an application become events of CloudTrail Lake.",
      is: "a mapping",
      fix: "begin with version: 1 and event:, each on a line of its own",
    },
  ),
});

/** The mapping language, as a TypeBox schema with its definitions in `$defs`. */
export const MappingSchema = language.Import("Mapping");

/** A mapping document. */
export type Mapping = Static<typeof MappingSchema>;

// The parts of a document that have a compiler of their own.
export type Expression = Static<ReturnType<typeof language.Import<"Expression">>>;
export type Value = Static<ReturnType<typeof language.Import<"Value">>>;
export type Members = Static<ReturnType<typeof language.Import<"Members">>>;
export type Condition = Static<ReturnType<typeof language.Import<"Condition">>>;
export type Test = Static<ReturnType<typeof language.Import<"Test">>>;
export type Time = Static<ReturnType<typeof language.Import<"Time">>>;
export type Id = Static<ReturnType<typeof language.Import<"Id">>>;
export type EventTable = Static<ReturnType<typeof language.Import<"Event">>>;
export type Rule = Static<ReturnType<typeof language.Import<"Rule">>>;
