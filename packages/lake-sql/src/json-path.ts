/** A path of json_value, json_query and json_exists, as far as it is taken: members, elements and wildcards. */
export interface JsonPath {
  readonly strict: boolean;
  readonly steps: readonly JsonStep[];
}

export type JsonStep =
  | { readonly kind: "member"; readonly name: string }
  | { readonly kind: "members" }
  | { readonly kind: "elements" }
  /** From 0; negative ones count from the last, which is -1. */
  | { readonly kind: "element"; readonly index: number };

const step =
  /\s*(?:\.\s*(?:([A-Za-z_$][A-Za-z0-9_$]*)|"((?:[^"\\]|\\.)*)"|(\*))|\[\s*(?:(\d{1,9})|(\*)|last\s*(?:-\s*(\d{1,9}))?)\s*\])/y;

/** Reads `lax $.a."b c"[0][*].*` and `strict ...`; undefined for what is not taken: filters, methods, ranges. */
export function parseJsonPath(text: string): JsonPath | undefined {
  const head = /^\s*(?:(lax|strict)\s+)?\$/.exec(text);
  if (head === null) return undefined;
  const steps: JsonStep[] = [];
  step.lastIndex = head[0].length;
  while (text.slice(step.lastIndex).trim() !== "") {
    const at = step.lastIndex;
    const match = step.exec(text);
    if (match === null || step.lastIndex === at || steps.length > 30) return undefined;
    const name = match[1] ?? match[2]?.replaceAll(/\\(.)/g, "$1");
    if (name !== undefined) {
      if (name.includes('"')) return undefined;
      steps.push({ kind: "member", name });
    } else if (match[3] !== undefined) steps.push({ kind: "members" });
    else if (match[5] !== undefined) steps.push({ kind: "elements" });
    else steps.push({ kind: "element", index: match[4] === undefined ? -1 - Number(match[6] ?? 0) : Number(match[4]) });
  }
  return { strict: head[1] === "strict", steps };
}
