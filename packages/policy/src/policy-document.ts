import { codePoints, scanJson } from "@tributary/schema";
import { PolicyInvalid, type PolicyInvalidCode } from "./policy-invalid.ts";

/** A JSON object of a document. Own members only are read. */
export type Members = Readonly<Record<string, unknown>>;

/** Reads the parts of a document and throws {@link PolicyInvalid} with the place and the rule when one is wrong. */
export interface Reader {
  readonly code: PolicyInvalidCode;
  fail(path: string, rule: string): never;
  object(value: unknown, path: string, members?: readonly string[]): Members;
  /** A string, or a list of at least one. */
  strings(value: unknown, path: string): readonly string[];
}

/** A document's head and its statements, still unread. */
export interface PolicyDocument {
  readonly version: "2012-10-17" | "2008-10-17";
  readonly statements: readonly { readonly path: string; readonly value: unknown }[];
}

/** A reader whose errors carry `code`. */
export function policyReader(code: PolicyInvalidCode): Reader {
  const fail = (path: string, rule: string): never => {
    throw new PolicyInvalid(code, path, rule);
  };
  return {
    code,
    fail,
    object(value, path, members) {
      if (!isObject(value)) return fail(path, "must be an object.");
      const unknown = members && Object.keys(value).find((key) => !members.includes(key));
      if (unknown !== undefined)
        return fail(path, `has the unknown member ${quote(unknown)}. Allowed are ${members!.join(", ")}.`);
      return value;
    },
    strings(value, path) {
      const list: readonly unknown[] = Array.isArray(value) ? value : [value];
      if (list.length === 0) return fail(path, "must not be empty.");
      if (!list.every((entry) => typeof entry === "string"))
        return fail(path, "must be a string or a list of strings.");
      return list;
    },
  };
}

/**
 * Reads a document's text as far as its statements.
 * Size, syntax, depth and duplicate keys are checked before anything is built from it. Spec 3.1, 3.2.
 */
export function readDocument(
  reader: Reader,
  text: string,
  rules: { readonly maxCharacters: number; readonly maxStatements: number; readonly versionRequired: boolean },
): PolicyDocument {
  if (text.length > 2 * rules.maxCharacters || codePoints(text) > rules.maxCharacters)
    return reader.fail("", `The policy is longer than ${rules.maxCharacters} characters.`);
  const scan = scanJson(text, { maxDepth: 16 });
  if (!scan.ok) return reader.fail("", `The policy is not clean JSON: ${scan.message}.`);
  const value: unknown = JSON.parse(text);
  if (!isObject(value)) return reader.fail("", "The policy is not a JSON object.");
  const document = reader.object(value, "policy", ["Version", "Id", "Statement"]);
  const version = own(document, "Version") ?? (rules.versionRequired ? undefined : "2008-10-17");
  if (version !== "2012-10-17" && version !== "2008-10-17")
    return reader.fail("Version", 'must be "2012-10-17" (or "2008-10-17").');
  const id = own(document, "Id");
  if (id !== undefined && typeof id !== "string") return reader.fail("Id", "must be a string.");
  const statement = own(document, "Statement");
  if (statement === undefined) return reader.fail("Statement", "is missing.");
  const list: readonly unknown[] = Array.isArray(statement) ? statement : [statement];
  if (list.length === 0) return reader.fail("Statement", "must hold at least one statement.");
  if (list.length > rules.maxStatements)
    return reader.fail("Statement", `holds ${list.length} statements; at most ${rules.maxStatements} are allowed.`);
  return { version, statements: list.map((entry, index) => ({ path: `Statement[${index}]`, value: entry })) };
}

/** Reads `Sid`, which must be unique in the document: `seen` collects them. */
export function readSid(reader: Reader, statement: Members, path: string, seen: Set<string>): string | undefined {
  const sid = own(statement, "Sid");
  if (sid === undefined) return undefined;
  if (typeof sid !== "string") return reader.fail(`${path}.Sid`, "must be a string.");
  if (sid === "") return undefined;
  if (seen.has(sid)) return reader.fail(`${path}.Sid`, `${quote(sid)} is used by an earlier statement.`);
  seen.add(sid);
  return sid;
}

/** Reads `Effect`. */
export function readEffect(reader: Reader, statement: Members, path: string): "Allow" | "Deny" {
  const effect = own(statement, "Effect");
  return effect === "Allow" || effect === "Deny" ? effect : reader.fail(`${path}.Effect`, 'must be "Allow" or "Deny".');
}

/** Reads a member that may hold one text only, alone or as a list of one. */
export function readExactly(
  reader: Reader,
  statement: Members,
  path: string,
  name: "Action" | "Resource",
  expected: string,
): void {
  const value = own(statement, name);
  if (value === undefined) reader.fail(`${path}.${name}`, "is missing.");
  const given = reader.strings(value, `${path}.${name}`);
  if (given.length !== 1 || given[0] !== expected)
    reader.fail(`${path}.${name}`, `must be ${expected} and nothing else: wildcards are not allowed.`);
}

/** A member that the object itself has, never one of its prototype. */
export function own(members: Members, key: string): unknown {
  return Object.hasOwn(members, key) ? members[key] : undefined;
}

/** A value as a message shows it: JSON, cut at 100 characters. */
export function quote(text: string): string {
  return JSON.stringify(text.length > 100 ? `${text.slice(0, 100)}…` : text);
}

function isObject(value: unknown): value is Members {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
