import { isObject, Refused, valueAt } from "@tributary/adapter-kit";
import type { Json } from "@tributary/adapter-kit";

/**
 * The entries of what LaunchDarkly sends: a page of the API (`items`), an array, or one entry. Their `token` is called
 * {@link usedToken} from here on, and secrets of their `delta` are masked. Throws {@link Refused} `API_ERROR` for an error answer of the API.
 */
export function entries(value: Json): readonly Json[] {
  // In an array an error refuses itself alone: it has no kind.
  if (Array.isArray(value))
    return (value as readonly Json[]).flatMap((element) => (isError(element) ? [element] : entries(element)));
  const items = valueAt(value, "items");
  if (Array.isArray(items) && valueAt(value, "kind") === undefined) return (items as readonly Json[]).map(settled);
  if (isError(value))
    throw new Refused("API_ERROR", "This is an error answer of the API, not a page of entries.", "/code");
  return [settled(value)];
}

const isError = (value: Json): boolean =>
  typeof valueAt(value, "code") === "string" &&
  valueAt(value, "kind") === undefined &&
  !Array.isArray(valueAt(value, "items"));

const settled = (entry: Json): Json => renamedToken(entry, "token", usedToken);

/**
 * What an entry's `token` is called while it is mapped. It names the access token that was used and holds no secret; by
 * its own name all of it would be masked.
 */
export const usedToken = "usedToken";

/** An entry whose object `from`, and that of its subentries, is called `to`, in the same place. */
export function renamedToken(entry: Json, from: string, to: string): Json {
  if (!isObject(entry)) return entry;
  const subentries = entry["subentries"];
  const below = Array.isArray(subentries) ? (subentries as readonly Json[]) : undefined;
  const known = isObject(entry[from]) && !Object.hasOwn(entry, to);
  if (!known && below === undefined) return entry;
  return Object.fromEntries(
    Object.entries(entry).map(([key, member]) => {
      if (key === "subentries" && below !== undefined)
        return [key, below.map((subentry) => renamedToken(subentry, from, to))];
      return [known && key === from ? to : key, member];
    }),
  );
}
