/** The segments of a JSON pointer (RFC 6901). "" has none. Throws a TypeError for a text that does not begin with a slash. */
export function pointerSegments(pointer: string): readonly string[] {
  if (pointer === "") return [];
  if (!pointer.startsWith("/"))
    throw new TypeError(`${JSON.stringify(pointer)} is not a JSON pointer: it must begin with "/".`);
  return pointer
    .slice(1)
    .split("/")
    .map((segment) => segment.replaceAll("~1", "/").replaceAll("~0", "~"));
}

/** The pointer of a member below `pointer`. */
export function pointerTo(pointer: string, key: string | number): string {
  return `${pointer}/${typeof key === "number" ? key : key.replaceAll("~", "~0").replaceAll("/", "~1")}`;
}
