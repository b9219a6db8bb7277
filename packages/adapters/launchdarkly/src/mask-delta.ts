import { isObject, maskText, secretsOf } from "@tributary/adapter-kit";
import type { Json } from "@tributary/adapter-kit";
import { secrets } from "./secrets.ts";

const known = secretsOf(secrets);

/**
 * An entry, and its subentries, whose `delta` (a JSON Patch: `[{op, path, value}]`) holds no secret: the value of each operation
 * whose path names one is masked, as when an environment's SDK key is reset. The kit masks by the names of members, and here the
 * name stands in a text.
 */
export function maskDelta(entry: Json): Json {
  if (!isObject(entry)) return entry;
  const delta = list(entry["delta"]);
  const subentries = list(entry["subentries"]);
  if (delta === undefined && subentries === undefined) return entry;
  return {
    ...entry,
    ...(delta === undefined ? {} : { delta: delta.map(maskOperation) }),
    ...(subentries === undefined ? {} : { subentries: subentries.map(maskDelta) }),
  };
}

function list(value: Json | undefined): readonly Json[] | undefined {
  return Array.isArray(value) ? (value as readonly Json[]) : undefined;
}

function maskOperation(operation: Json): Json {
  if (!isObject(operation)) return operation;
  const { path, value } = operation;
  if (typeof path !== "string" || value === undefined || value === null || !namesSecret(path)) return operation;
  return { ...operation, value: maskText };
}

const namesSecret = (path: string): boolean => path.split("/").some((step) => known.isSecret(step));
