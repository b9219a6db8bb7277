import { isArray, isObject } from "@tributary/adapter-kit";
import type { Json, JsonObject } from "@tributary/adapter-kit";
import type { DocumentPath, Finding } from "./document-path.ts";
import { oneOf, pointerMeant, quoted, suggestion } from "./wording.ts";

/** A node of the schema, as JSON Schema has it, with the words of the mapping schema (`is`, `fix`, `keyIs`, `keyFix`). */
export interface SchemaNode {
  readonly type?: string;
  readonly const?: string | number;
  readonly $ref?: string;
  readonly anyOf?: readonly SchemaNode[];
  readonly items?: SchemaNode;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly patternProperties?: Readonly<Record<string, SchemaNode>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean;
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly minProperties?: number;
  readonly description?: string;
  readonly is?: string;
  readonly fix?: string;
  readonly keyIs?: string;
  readonly keyFix?: string;
}

type Definitions = Readonly<Record<string, SchemaNode>>;

/** Everything that keeps a value from fitting a schema, each with what to do about it. None where it fits. */
export function explain(schema: SchemaNode, value: Json, definitions: Definitions): readonly Finding[] {
  const findings: Finding[] = [];
  walk(schema, value, [], { definitions, findings });
  return findings;
}

interface State {
  readonly definitions: Definitions;
  readonly findings: Finding[];
}

function walk(schema: SchemaNode, value: Json, path: DocumentPath, state: State): void {
  const alternatives = alternativesOf(schema, state.definitions);
  const typed = alternatives.filter((one) => fitsType(one, value));
  const constants = alternatives.filter((one) => one.const !== undefined);
  if (constants.length > 0 && (typed.length > 0 || constants.length === alternatives.length))
    return ofConstants(constants, value, path, state);
  if (typed.length === 0) {
    const wanted = [...new Set(alternatives.map(nameOf))];
    const fix = alternatives.find((one) => one.is !== undefined)?.fix ?? `write ${oneOf(wanted)}`;
    state.findings.push({
      path,
      message: `${kindOf(value)} stands here, not ${oneOf(wanted)}`,
      fix: filled(fix, value),
    });
  } else if (typeof value === "string") ofText(typed[0]!, value, path, state);
  else if (isArray(value)) ofList(typed[0]!, value, path, state);
  else if (isObject(value)) ofObject(typed, value, path, state);
}

/** The schemas of which a value must fit one, references followed. */
function alternativesOf(schema: SchemaNode, definitions: Definitions): readonly SchemaNode[] {
  if (schema.$ref !== undefined) return alternativesOf(definitions[schema.$ref]!, definitions);
  return schema.anyOf === undefined ? [schema] : schema.anyOf.flatMap((one) => alternativesOf(one, definitions));
}

function fitsType({ type }: SchemaNode, value: Json): boolean {
  if (type === undefined) return false;
  if (value === null) return type === "null";
  if (isArray(value)) return type === "array";
  return (
    type === (typeof value === "object" ? "object" : typeof value) && (type !== "number" || Number.isFinite(value))
  );
}

function ofConstants(constants: readonly SchemaNode[], value: Json, path: DocumentPath, { findings }: State): void {
  if (constants.some((one) => one.const === value)) return;
  const allowed = constants.map((one) => String(one.const));
  const message = `${quoted(value)} is not ${oneOf(allowed)}`;
  findings.push({
    path,
    message,
    fix: (typeof value === "string" ? suggestion(value, allowed) : undefined) ?? `write ${oneOf(allowed)}`,
  });
}

function ofText(schema: SchemaNode, value: string, path: DocumentPath, { findings }: State): void {
  const { pattern, minLength = 0, maxLength = Number.POSITIVE_INFINITY, is = "a text that fits" } = schema;
  const fits = pattern === undefined || new RegExp(pattern, "u").test(value);
  if (fits && value.length >= minLength && value.length <= maxLength) return;
  const message =
    value === ""
      ? "The text is empty"
      : fits
        ? `The text is longer than ${maxLength} characters`
        : `${quoted(value)} is not ${is}`;
  findings.push({ path, message, fix: filled(schema.fix ?? "write another text", value) });
}

function ofList(schema: SchemaNode, value: readonly Json[], path: DocumentPath, state: State): void {
  if (value.length < (schema.minItems ?? 0))
    state.findings.push({ path, message: "The list is empty", fix: "name at least one, or take the member away" });
  for (const [index, element] of value.entries()) walk(schema.items ?? {}, element, [...path, index], state);
}

function ofObject(schemas: readonly SchemaNode[], value: JsonObject, path: DocumentPath, state: State): void {
  const schema =
    schemas.length === 1 ? schemas[0] : schemas.find((one) => Object.hasOwn(value, one.required?.[0] ?? ""));
  if (schema === undefined) {
    const names = schemas.flatMap(({ required }) => required?.[0] ?? []);
    const given = Object.keys(value);
    const message =
      given.length === 0
        ? "The object is empty"
        : `${oneOf(given.map((key) => quoted(key)))} is nothing that can stand here`;
    const near = given.map((key) => suggestion(key, names)).find((text) => text !== undefined);
    return void state.findings.push({ path, message, fix: near ?? `say one of ${names.join(", ")}` });
  }
  const { properties = {}, required = [], patternProperties } = schema;
  if (Object.keys(value).length < (schema.minProperties ?? 0))
    state.findings.push({ path, message: "The object is empty", fix: "name at least one, or take the member away" });
  for (const key of required)
    if (!Object.hasOwn(value, key)) {
      const about = properties[key]?.description ?? "";
      state.findings.push({
        path,
        message: `"${key}" is missing`,
        fix: `add ${key}: ${about.slice(0, 1).toLowerCase()}${about.slice(1)}`,
      });
    }
  for (const [key, member] of Object.entries(value)) {
    const below = [...path, key];
    const [pattern, ofPattern] = Object.entries(patternProperties ?? {})[0] ?? [];
    if (Object.hasOwn(properties, key)) walk(properties[key]!, member, below, state);
    else if (pattern !== undefined && new RegExp(pattern, "u").test(key)) walk(ofPattern!, member, below, state);
    else if (patternProperties !== undefined)
      state.findings.push({
        path: below,
        ofKey: true,
        message: `${quoted(key)} is not ${schema.keyIs ?? "a name"}`,
        fix: filled(schema.keyFix ?? "write another name", key),
      });
    else {
      const allowed = Object.keys(properties);
      const fix = suggestion(key, allowed) ?? `the members here are ${allowed.join(", ")}`;
      state.findings.push({ path: below, ofKey: true, message: `There is no member ${quoted(key)} here`, fix });
    }
  }
}

/** A fix with the given value for its `%`, and a pointer to what it may mean for its `/%`. */
function filled(fix: string, value: Json): string {
  const given = typeof value === "object" ? "name" : String(value).slice(0, 60);
  return fix.replaceAll(/\/?%/g, (mark) => (mark === "%" ? given : pointerMeant(given)));
}

function nameOf(schema: SchemaNode): string {
  const { type = "value", is } = schema;
  if (schema.const !== undefined) return String(schema.const);
  return is ?? { array: "a list", object: "an object", string: "a text", null: "null" }[type] ?? `a ${type}`;
}

function kindOf(value: Json): string {
  if (value === null) return "Nothing";
  if (isArray(value)) return "A list";
  if (typeof value === "object") return "An object";
  return typeof value === "string" ? "A text" : `The ${typeof value} ${String(value)}`;
}
