import { KindGuard } from "@sinclair/typebox";
import type { TObject, TSchema } from "@sinclair/typebox";
import { Value } from "@sinclair/typebox/value";
import { isArray, isObject } from "../own-property.ts";

type Check = (value: unknown) => boolean;

/**
 * `Value.Check` of a schema as closures made once, since the interpreter reads the schema, its lists of required keys and its
 * patterns anew for each record. TypeBox's own compiler needs `eval`, which a page with a strict content policy forbids. A schema
 * of which any part is unknown here is left to the interpreter as a whole: the answer is always the interpreter's.
 */
export function recogniser(schema: TSchema): Check {
  return compiled(schema) ?? ((value) => Value.Check(schema, value));
}

/** Undefined for what the interpreter must do. */
function compiled(schema: TSchema): Check | undefined {
  if (schema.$id !== undefined) return undefined;
  if (KindGuard.IsUnknown(schema) || KindGuard.IsAny(schema)) return () => true;
  if (KindGuard.IsNull(schema)) return (value) => value === null;
  if (KindGuard.IsBoolean(schema)) return (value) => typeof value === "boolean";
  if (KindGuard.IsLiteral(schema)) {
    const { const: only } = schema;
    return (value) => value === only;
  }
  if (KindGuard.IsString(schema)) {
    const { minLength = 0, maxLength = Infinity, pattern, format } = schema;
    if (format !== undefined) return undefined;
    const expression = pattern === undefined ? undefined : new RegExp(pattern);
    return (value) =>
      typeof value === "string" &&
      value.length >= minLength &&
      value.length <= maxLength &&
      (expression === undefined || expression.test(value));
  }
  if (KindGuard.IsInteger(schema) || KindGuard.IsNumber(schema)) return numberCheck(schema);
  if (KindGuard.IsUnion(schema)) {
    const checks = schema.anyOf.map(compiled).filter((check) => check !== undefined);
    if (checks.length < schema.anyOf.length) return undefined;
    return (value) => {
      for (const check of checks) if (check(value)) return true;
      return false;
    };
  }
  if (KindGuard.IsArray(schema)) {
    const { items, minItems = 0, maxItems = Infinity, uniqueItems, contains, minContains, maxContains } = schema;
    if (uniqueItems === true || (contains ?? minContains ?? maxContains) !== undefined) return undefined;
    const check = compiled(items);
    return (
      check && ((value) => isArray(value) && value.length >= minItems && value.length <= maxItems && value.every(check))
    );
  }
  return KindGuard.IsObject(schema) ? objectCheck(schema) : undefined;
}

interface Bounds {
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly multipleOf?: number;
}

function numberCheck(schema: TSchema & Bounds): Check {
  const { minimum = -Infinity, maximum = Infinity, exclusiveMinimum, exclusiveMaximum, multipleOf } = schema;
  const isNumber: Check = KindGuard.IsInteger(schema) ? Number.isInteger : Number.isFinite;
  return (value) =>
    typeof value === "number" &&
    isNumber(value) &&
    value >= minimum &&
    value <= maximum &&
    (exclusiveMinimum === undefined || value > exclusiveMinimum) &&
    (exclusiveMaximum === undefined || value < exclusiveMaximum) &&
    (multipleOf === undefined || value % multipleOf === 0);
}

interface Member {
  readonly key: string;
  readonly check: Check;
  readonly required: boolean;
  /** Must be there though its check takes undefined, too. */
  readonly present: boolean;
}

function objectCheck(schema: TObject): Check | undefined {
  const { properties, minProperties, maxProperties, additionalProperties } = schema;
  const requiredKeys: ReadonlySet<string> = new Set(schema.required);
  if (minProperties !== undefined || maxProperties !== undefined) return undefined;
  if (additionalProperties !== undefined && additionalProperties !== true) return undefined;
  const members: Member[] = [];
  for (const key of Object.getOwnPropertyNames(properties)) {
    const property = properties[key]!;
    const check = compiled(property);
    if (check === undefined) return undefined;
    const required = requiredKeys.has(key);
    const present = required && (KindGuard.IsUnknown(property) || KindGuard.IsAny(property));
    members.push({ key, check, required, present });
  }
  return (value) => {
    if (!isObject(value)) return false;
    for (const { key, check, required, present } of members) {
      const member = value[key];
      if (member === undefined && !required) continue;
      if (!check(member) || (present && !(key in value))) return false;
    }
    return true;
  };
}
