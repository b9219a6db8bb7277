import type { Json, JsonObject } from "@tributary/adapter-kit";

/**
 * The rest of a record beside the members that a mapping names. A name that both have stays the mapping's; the rest's stands
 * under `rest` (`rest_`, `rest__` ... where that name is taken too), so that neither is lost.
 */
export function joinRest(named: JsonObject | undefined, rest: JsonObject | undefined): JsonObject | undefined {
  if (named === undefined || rest === undefined) return named ?? rest;
  const entries = Object.entries(rest);
  const clashing = entries.filter(([key]) => Object.hasOwn(named, key));
  const free: [string, Json][] = entries.filter(([key]) => !Object.hasOwn(named, key));
  if (clashing.length === 0) return { ...named, ...rest };
  let name = "rest";
  while (Object.hasOwn(named, name) || Object.hasOwn(rest, name)) name += "_";
  return Object.fromEntries([...Object.entries(named), ...free, [name, Object.fromEntries(clashing)]]);
}
