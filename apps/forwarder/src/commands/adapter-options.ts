import { readFileSync } from "node:fs";
import type { Json, JsonObject } from "@tributary/adapter-kit";
import { TributaryError } from "@tributary/schema";
import { usageError } from "./usage-error.ts";

/** What the adapter is told: `--adapter-options`, and `drops: { rule: false }` for each `--keep`. Throws USAGE. */
export function adapterOptions(
  file: string | undefined,
  keep: readonly string[] | undefined,
  drops: Readonly<Record<string, string>>,
): JsonObject | undefined {
  for (const rule of keep ?? [])
    if (!Object.hasOwn(drops, rule))
      throw usageError(
        `--keep ${rule}: the adapter has no such rule; it has ${Object.keys(drops).join(", ") || "none"}.`,
      );
  const own = file === undefined ? {} : readOptions(file);
  if (keep === undefined) return file === undefined ? undefined : own;
  const given = isObject(own["drops"]) ? own["drops"] : {};
  return { ...own, drops: { ...given, ...Object.fromEntries(keep.map((rule) => [rule, false])) } };
}

function readOptions(file: string): JsonObject {
  let value: Json;
  try {
    value = JSON.parse(readFileSync(file, "utf8"));
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new TributaryError(`--adapter-options ${file}: ${why}`, { code: "USAGE", cause });
  }
  if (!isObject(value)) throw usageError(`--adapter-options ${file}: not a JSON object.`);
  return value;
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
