import { isObject, secretsOf, text } from "@tributary/adapter-kit";
import type { Json, JsonObject } from "@tributary/adapter-kit";
import { isDataKey } from "../samples/is-data-key.ts";
import type { Path } from "./proposal.ts";

/** What the samples hold at one path of objects. Values within arrays are nobody's. */
export interface Field {
  readonly path: Path;
  /** The last step in lower case, its words joined by `_`: `createdAt` is `created_at`. */
  readonly name: string;
  /** The last two steps in the same way: `actor_id`. */
  readonly longName: string;
  /** Texts, numbers and booleans, one for each sample that has one and is not blank. */
  readonly values: readonly (string | number | boolean)[];
}

const secrets = secretsOf();
const maxFields = 2000;
const maxDepth = 6;

/** The fields of the samples, in the order they are met. */
export function fieldsOf(records: readonly JsonObject[]): readonly Field[] {
  const fields = new Map<string, { readonly path: Path; readonly values: (string | number | boolean)[] }>();
  const look = (value: Json, path: Path): void => {
    if (isObject(value)) {
      if (path.length >= maxDepth) return;
      for (const [key, member] of Object.entries(value)) if (isUsable(key)) look(member, [...path, key]);
      return;
    }
    if (text(value) === undefined || value === null || typeof value === "object") return;
    const place = JSON.stringify(path);
    let field = fields.get(place);
    if (field === undefined) {
      if (fields.size >= maxFields) return;
      fields.set(place, (field = { path, values: [] }));
    }
    field.values.push(value);
  };
  for (const record of records) look(record, []);
  return [...fields.values()].map(({ path, values }) => ({
    path,
    name: words(path.at(-1) ?? ""),
    longName: path.slice(-2).map(words).join("_"),
    values,
  }));
}

/**
 * Whether a mapping can name the member. A key that is itself a value (an address, an id) names nothing and must not be
 * written into source; what stands under a secret's key is masked before a mapping sees it; a name that every object of
 * JavaScript has cannot be left open in a schema.
 */
function isUsable(key: string): boolean {
  return !isDataKey(key) && !secrets.isSecret(key) && !(key in Object.prototype);
}

/** `createdAt`, `Created at`, `@created-at`: created_at. */
function words(name: string): string {
  return name
    .replaceAll(/([\p{Ll}\p{N}])(\p{Lu})/gu, "$1_$2")
    .replaceAll(/[^\p{L}\p{N}]+/gu, "_")
    .replaceAll(/^_+|_+$/g, "")
    .toLowerCase();
}
