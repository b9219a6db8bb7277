import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseSync } from "oxc-parser";
import { packages, root } from "./workspace.ts";

interface Node {
  readonly type: string;
  readonly [member: string]: unknown;
}

const isCode = (value: unknown): value is string => typeof value === "string" && /^[A-Z][A-Z0-9_]*$/.test(value);
const isNode = (value: unknown): value is Node =>
  typeof value === "object" && value !== null && typeof (value as { type?: unknown }).type === "string";

/** What a parsed file says of codes. */
interface Found {
  /** Codes that stand in the open: `code: "X"`, `static readonly code = "X"`. */
  readonly codes: string[];
  /** Callables by name that have a parameter `code`, and which one it is. */
  readonly takers: [name: string, index: number][];
  /** Classes whose constructor has such a parameter: they are called from other files too. */
  readonly classes: [name: string, index: number][];
  /** Calls by name, with their literal arguments. */
  readonly calls: {
    readonly name: string;
    readonly literals: readonly unknown[];
    readonly first: string | undefined;
  }[];
  /** Keys in upper snake case of objects. */
  readonly keys: string[];
}

/**
 * Every stable error code in the source of the workspace, with the files that have it: values of a member `code`, texts given to a
 * parameter `code`, and the keys of a table that codes of refusals are read from (`new Refused(code, ...)`).
 */
export function errorCodes(): ReadonlyMap<string, readonly string[]> {
  const files = packages().flatMap((one) => one.sources);
  const parsed = files.map((file) => [file, foundIn(file, readFileSync(join(root, file), "utf8"))] as const);
  const codes = new Map<string, string[]>();
  const add = (code: unknown, file: string) => {
    if (isCode(code)) codes.set(code, [...(codes.get(code) ?? []), file]);
  };
  const classes = parsed.flatMap(([, found]) => found.classes);
  for (const [file, found] of parsed) {
    const takers = new Map([...classes, ...found.takers, ["policyReader", 0] as const]);
    for (const code of found.codes) add(code, file);
    for (const { name, literals, first } of found.calls) {
      const index = takers.get(name);
      if (index !== undefined) add(literals[index], file);
      if (name === "Refused" && first === "code") for (const key of found.keys) add(key, file);
    }
  }
  return codes;
}

export function foundIn(file: string, text: string): Found {
  const found: Found = { codes: [], takers: [], classes: [], calls: [], keys: [] };
  walk(parseSync(file, text).program as unknown as Node, undefined, found);
  return found;
}

function walk(node: Node, name: string | undefined, found: Found): void {
  if (node.type === "Property") {
    const key = nameOf(node["key"]);
    if (key === "code") found.codes.push(...literalsIn(node["value"]));
    if (isCode(key) && key.includes("_")) found.keys.push(key);
  }
  if (node.type === "PropertyDefinition" && nameOf(node["key"]) === "code")
    found.codes.push(...literalsIn(node["value"]));
  if (node.type === "NewExpression" || node.type === "CallExpression") {
    const given = node["arguments"] as readonly Node[];
    const called = nameOf(node["callee"]);
    const literals = given.map((argument) => (argument.type === "Literal" ? argument["value"] : undefined));
    if (called !== undefined) found.calls.push({ name: called, literals, first: nameOf(given[0]) });
  }
  if (node.type === "ClassDeclaration") {
    const body = (node["body"] as { readonly body: readonly Node[] }).body;
    const constructor = body.find((member) => member["kind"] === "constructor")?.["value"] as Node | undefined;
    const index = ((constructor?.["params"] ?? []) as readonly Node[]).findIndex((one) => nameOf(one) === "code");
    const own = nameOf(node["id"]);
    if (own !== undefined && index >= 0) found.classes.push([own, index]);
  }
  if (/Function/.test(node.type) && Array.isArray(node["params"])) {
    const own = nameOf(node["id"]) ?? name;
    const index = (node["params"] as readonly Node[]).findIndex((parameter) => nameOf(parameter) === "code");
    if (own !== undefined && index >= 0) found.takers.push([own, index]);
  }
  const below = node.type === "VariableDeclarator" ? nameOf(node["id"]) : undefined;
  for (const member of Object.values(node))
    for (const child of Array.isArray(member) ? member : [member]) if (isNode(child)) walk(child, below, found);
}

function nameOf(node: unknown): string | undefined {
  if (!isNode(node)) return undefined;
  if (node.type === "Identifier") return node["name"] as string;
  return node.type === "Literal" && typeof node["value"] === "string" ? node["value"] : undefined;
}

/** The texts a value may be: a literal, or the arms of a conditional. */
function literalsIn(node: unknown): readonly string[] {
  if (!isNode(node)) return [];
  if (node.type === "ConditionalExpression")
    return [...literalsIn(node["consequent"]), ...literalsIn(node["alternate"])];
  if (/^TS(As|Satisfies|NonNull)Expression$/.test(node.type)) return literalsIn(node["expression"]);
  return node.type === "Literal" && isCode(node["value"]) ? [node["value"]] : [];
}
