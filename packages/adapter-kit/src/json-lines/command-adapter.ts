import { Type as T } from "@sinclair/typebox";
import type { TSchema } from "@sinclair/typebox";
import { Value } from "@sinclair/typebox/value";
import { TributaryError } from "@tributary/schema";
import type { Adapter } from "../contract/adapter.ts";
import type { EventData } from "../contract/event-data.ts";
import type { Format } from "../contract/format.ts";
import type { Json } from "../contract/json.ts";
import type { MapContext } from "../contract/map-context.ts";
import { decodeCsv } from "../decode/decode-csv.ts";
import { jsonArray, jsonBody, jsonLines } from "../formats.ts";
import { valueAt } from "../mapping/text.ts";
import { pointerSegments } from "../json-pointer.ts";
import { isArray, parseJson } from "../own-property.ts";
import { defineAdapter } from "../pipeline/define-adapter.ts";
import { Refused } from "../refused.ts";
import { LineProcess } from "./line-process.ts";
import { Answer, Hello } from "./protocol.ts";
import type { Question } from "./protocol.ts";

export interface CommandAdapterOptions {
  /** Program and arguments; no shell. */
  readonly command: readonly [string, ...string[]];
  /** Where it runs. Default: the working directory. */
  readonly directory?: string | undefined;
  /** How long one answer may take. Default 30,000. */
  readonly timeoutMs?: number | undefined;
}

/** An adapter that runs as a command, and its end. */
export interface CommandAdapter {
  readonly adapter: Adapter;
  close(): Promise<void>;
}

type Result = Answer["result"];

/**
 * Starts a command that speaks the JSON-lines protocol and answers the adapter it is. The kit does what it does for every adapter:
 * decoding, secrets, limits, checks. A command that dies or hangs is started again for the next record; the one at hand is refused
 * with `ADAPTER_FAULT`. Throws `ADAPTER_INVALID` when the command cannot start or its hello is none.
 */
export function commandAdapter(options: CommandAdapterOptions): CommandAdapter {
  const { command, directory = process.cwd(), timeoutMs = 30_000 } = options;
  const start = (): { readonly lines: LineProcess; readonly hello: Hello } => {
    const lines = new LineProcess(command, directory);
    try {
      return { lines, hello: readHello(lines.read(timeoutMs)) };
    } catch (cause) {
      lines.kill();
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new TributaryError(`${command.join(" ")} is no adapter: ${why}.`, { code: "ADAPTER_INVALID", cause });
    }
  };
  const first = start();
  const { hello } = first;
  let lines: LineProcess | undefined = first.lines;
  let n = 0;

  const askOnce = (record: Json, context: Question["context"]): Result => {
    lines ??= start().lines;
    n += 1;
    lines.write(JSON.stringify({ n, record, context } satisfies Question));
    const answer = parseJson(lines.read(timeoutMs));
    if (!Value.Check(Answer, answer))
      throw new Error(`its answer is none: ${Value.Errors(Answer, answer).First()?.path ?? ""}`);
    if (answer.n !== n) throw new Error(`it answered question ${answer.n} instead of ${n}`);
    return answer.result;
  };
  const ask = (record: Json, context: Question["context"]): Result => {
    try {
      return askOnce(record, context);
    } catch (error) {
      // What it may still write belongs to a question that is over.
      lines?.kill();
      lines = undefined;
      throw new Error(`The command ${command[0]} failed: ${error instanceof Error ? error.message : String(error)}.`, {
        cause: error,
      });
    }
  };
  /** `drop`, `eventId` and `toEvent` ask about one record in turn: it is asked once unless masking changed it. */
  let last: { readonly record: Json; readonly origin: unknown; readonly result: Result } | undefined;
  const resultOf = (record: Json, context: MapContext<unknown> & { readonly id?: string }): Result => {
    if (last?.record === record && last.origin === context.origin) return last.result;
    const { options: own, origin, accountId, id } = context;
    const result = ask(record, { options: own, origin, accountId, ...(id !== undefined && { id }) });
    last = { record, origin, result };
    return result;
  };
  const eventOf = (record: Json, context: MapContext<unknown> & { readonly id?: string }) => {
    const result = resultOf(record, context);
    if ("event" in result) return result;
    if ("dropped" in result) throw new Error(`it dropped a record by ${result.dropped}, and then not`);
    throw new Refused(result.refused.code, result.refused.message, result.refused.path);
  };
  const { split, drops } = hello;
  const adapter = defineAdapter({
    name: hello.name,
    source: hello.source,
    displayName: hello.displayName,
    ...(hello.experimental !== undefined && { experimental: hello.experimental }),
    record: recordOf(hello),
    ...(hello.secrets !== undefined && { secrets: hello.secrets }),
    ...(hello.names !== undefined && { names: hello.names }),
    countsOccurrences: hello.countsOccurrences ?? false,
    formats: Object.fromEntries(Object.entries(hello.formats).map(([name, format]) => [name, formatOf(format)])),
    ...(split !== undefined && { split: (value: Json) => elements(value, split) }),
    ...(drops !== undefined && {
      drops,
      drop: (record: unknown, context: MapContext<unknown>) => {
        const result = resultOf(asJson(record), context);
        return "dropped" in result ? result.dropped : undefined;
      },
    }),
    eventId: (record, context) => eventOf(asJson(record), context).id,
    toEvent: (record, context) => asEvent(eventOf(asJson(record), context).event),
  });
  return { adapter, close: async () => lines?.close() };
}

function readHello(line: string): Hello {
  let hello: Json;
  try {
    hello = parseJson(line);
  } catch {
    throw new Error(`its first line is not JSON: ${line.slice(0, 100)}`);
  }
  if (Value.Check(Hello, hello)) return hello;
  const first = Value.Errors(Hello, hello).First();
  throw new Error(`its hello is wrong at ${first?.path || "the top"}: ${first?.message ?? ""}`);
}

const kinds: Readonly<Record<string, () => TSchema>> = {
  string: () => T.String({ minLength: 1 }),
  number: () => T.Number(),
  boolean: () => T.Boolean(),
  object: () => T.Object({}),
  array: () => T.Array(T.Unknown()),
  any: () => T.Unknown(),
};

function recordOf({ requires, formats }: Hello): TSchema {
  if (requires === undefined) return T.Unknown();
  const members = T.Object(
    Object.fromEntries(Object.entries(requires).map(([key, kind]) => [key, kinds[kind]?.() ?? T.Unknown()])),
  );
  const hasText = Object.values(formats).some(({ record }) => record === "text");
  return hasText ? T.Union([T.String(), members]) : members;
}

function formatOf({ frame, record = "json" }: Hello["formats"][string]): Format {
  if (record === "text") return { frame, parse: (text) => ({ value: text }) };
  if (frame === "line") return jsonLines;
  if (frame === "body") return jsonBody;
  if (frame === "csv") return { frame, parse: (text) => ({ value: decodeCsv(text)[0] ?? null }) };
  return frame.elementsOf === "" ? jsonArray : { frame };
}

function elements(value: Json, pointer: string): readonly Json[] {
  const array = valueAt(value, ...pointerSegments(pointer));
  return isArray(array) ? array : [value];
}

/** What the schema `Unknown` let through came of JSON. */
// oxlint-disable-next-line typescript/no-unsafe-type-assertion
const asJson = (record: unknown): Json => record as Json;
/** The pipeline checks every member of an event. */
// oxlint-disable-next-line typescript/no-unsafe-type-assertion
const asEvent = (event: object): EventData => event as EventData;
