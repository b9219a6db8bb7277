import { type Dirent, existsSync, readdirSync } from "node:fs";
import { join, parse, sep } from "node:path";

const isPattern = (part: string): boolean => /[*?]/.test(part);

/**
 * The paths that an absolute pattern names, sorted: `*` and `?` are any characters within a name, `**` any directories. Names
 * that begin with a dot are matched only by a part that does. A path without a pattern is answered if it exists.
 */
export function expandPattern(pattern: string): readonly string[] {
  const { root } = parse(pattern);
  const parts = pattern
    .slice(root.length)
    .split(sep)
    .filter((part) => part !== "");
  const found = new Set<string>();
  const walk = (at: string, rest: readonly string[]): void => {
    const [part, ...more] = rest;
    if (part === undefined) {
      found.add(at);
      return;
    }
    if (!isPattern(part)) {
      const next = join(at, part);
      if (existsSync(next)) walk(next, more);
      return;
    }
    if (part === "**") walk(at, more.length === 0 ? ["*"] : more);
    const fits = part === "**" ? /^[^.]/ : expressionOf(part);
    for (const entry of entriesOf(at)) {
      if (!fits.test(entry.name)) continue;
      const next = join(at, entry.name);
      if (part === "**") {
        if (entry.isDirectory()) walk(next, rest);
      } else if (more.length === 0 || entry.isDirectory() || entry.isSymbolicLink()) walk(next, more);
    }
  };
  walk(root, parts);
  return [...found].toSorted();
}

function entriesOf(directory: string): readonly Dirent[] {
  try {
    return readdirSync(directory, { withFileTypes: true });
  } catch {
    return [];
  }
}

function expressionOf(part: string): RegExp {
  const text = part
    .replaceAll(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll(/\*+/g, "[^/]*")
    .replaceAll("?", "[^/]");
  return new RegExp(`^${part.startsWith(".") ? "" : "(?!\\.)"}${text}$`, "u");
}
