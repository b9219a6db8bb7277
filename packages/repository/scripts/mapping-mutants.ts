import { parseSync } from "oxc-parser";

/** A row of a mapping taken out of the source. */
export interface Mutant {
  /** 1-based line of the row. */
  readonly line: number;
  /** The row as it was, on one line, cut. */
  readonly row: string;
  /** The whole source without it. */
  readonly source: string;
}

interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [member: string]: unknown;
}

const isNode = (value: unknown): value is Node =>
  typeof value === "object" && value !== null && typeof (value as { type?: unknown }).type === "string";

/**
 * The source of a mapping, once for each of its rows without that row: a member of an object literal inside a function deleted, or
 * one operand of a `??` taken for the whole. What a definition must have (`name`, `formats`, functions) is no row.
 */
export function mappingMutants(file: string, source: string): readonly Mutant[] {
  const mutants: Mutant[] = [];
  const without = (start: number, end: number, instead = ""): void => {
    if (source.slice(start, end) === instead) return;
    mutants.push({
      line: source.slice(0, start).split("\n").length,
      row: source.slice(start, end).replaceAll(/\s+/g, " ").slice(0, 120),
      source: source.slice(0, start) + instead + source.slice(end),
    });
  };
  const visit = (node: Node, inFunction: boolean): void => {
    if (node.type.startsWith("TS") && node.type !== "TSAsExpression" && node.type !== "TSSatisfiesExpression") return;
    const inside = inFunction || /Function/.test(node.type);
    if (inside && node.type === "ObjectExpression")
      for (const member of node["properties"] as readonly Node[]) {
        // The comma goes with its member.
        const after = /^\s*,/.exec(source.slice(member.end))?.[0].length ?? 0;
        without(member.start, member.end + after);
      }
    if (node.type === "LogicalExpression" && node["operator"] === "??") {
      const [left, right] = [node["left"], node["right"]] as [Node, Node];
      without(left.start, left.end, "undefined");
      without(right.start, right.end, "undefined");
    }
    for (const value of Object.values(node)) {
      if (isNode(value)) visit(value, inside);
      else if (Array.isArray(value)) for (const element of value) if (isNode(element)) visit(element, inside);
    }
  };
  visit(parseSync(file, source).program as unknown as Node, false);
  return mutants;
}
