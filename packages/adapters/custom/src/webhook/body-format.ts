import { formats } from "../formats.ts";

const byType: readonly (readonly [RegExp, string])[] = [
  [/^application\/(?:x-ndjson|ndjson|jsonl|x-jsonlines|json-lines)$/, "ndjson"],
  [/^text\/csv$/, "csv"],
  [/^(?:application|text)\/(?:[\w.-]{1,64}\+)?json$/, "json"],
];

/** The format of a body: by its content type, else by its beginning; undefined where neither tells. */
export function bodyFormat(contentType: string, body: Uint8Array): string | undefined {
  const type = contentType.split(";")[0]!.trim().toLowerCase();
  const named = byType.find(([pattern]) => pattern.test(type));
  if (named !== undefined) return named[1];
  const head = new TextDecoder("utf-8").decode(body.subarray(0, 65_536), { stream: true });
  return Object.entries(formats).find(([, format]) => format.sniff?.(head) === true)?.[0];
}
