import type { Path } from "./proposal.ts";

/** A path as comments and tables write it, on one line: `actor.id`. */
export function quoted(path: Path): string {
  return `\`${path
    .join(".")
    .replaceAll(/[`\r\n\u2028\u2029]/g, " ")
    .replaceAll("*/", "* /")}\``;
}
