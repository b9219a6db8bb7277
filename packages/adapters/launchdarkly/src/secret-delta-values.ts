import { isArray, secretsOf, valueAt } from "@tributary/adapter-kit";
import { secrets } from "./secrets.ts";

const known = secretsOf(secrets);

/**
 * JSON pointers of the values in `delta` (a JSON Patch: `[{op, path, value}]`) of an entry and its subentries whose path names a
 * secret, as when an environment's SDK key is reset. The kit knows secrets by the names of members, and here the name stands in
 * a text.
 */
export function secretDeltaValues(entry: unknown, pointer = ""): readonly string[] {
  const found: string[] = [];
  const delta = valueAt(entry, "delta");
  if (isArray(delta))
    for (const [index, operation] of delta.entries()) {
      const path = valueAt(operation, "path");
      if (typeof path === "string" && namesSecret(path)) found.push(`${pointer}/delta/${index}/value`);
    }
  const subentries = valueAt(entry, "subentries");
  if (isArray(subentries))
    for (const [index, subentry] of subentries.entries())
      found.push(...secretDeltaValues(subentry, `${pointer}/subentries/${index}`));
  return found;
}

const namesSecret = (path: string): boolean => path.split("/").some((step) => known.isSecret(step));
