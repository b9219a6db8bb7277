import type { Json, JsonObject } from "@tributary/adapter-kit";

/**
 * An object with the members that a table knows spelt as the table spells them, whatever their case. A name that is there
 * in both spellings stays as it is; so do all other names.
 */
export function speltAs(object: JsonObject, names: ReadonlyMap<string, string>): JsonObject {
  const keys = Object.keys(object);
  if (keys.every((key) => nameOf(key, names) === key)) return object;
  const known = new Set(keys);
  return Object.fromEntries(
    keys.map((key): [string, Json] => {
      const name = nameOf(key, names);
      if (known.has(name)) return [key, object[key]!];
      known.add(name);
      return [name, object[key]!];
    }),
  );
}

/** Names by their spelling in lower case, for {@link speltAs}. */
export function namesOf(names: readonly string[]): ReadonlyMap<string, string> {
  return new Map(names.map((name) => [name.toLowerCase(), name]));
}

const nameOf = (key: string, names: ReadonlyMap<string, string>) => names.get(key.toLowerCase()) ?? key;
