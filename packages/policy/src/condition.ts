import { type ConditionKeys, keyType } from "./condition-key.ts";
import { type Operator, findOperator } from "./condition-operator.ts";
import { quote, type Reader } from "./policy-document.ts";
import type { RequestContext } from "./request-context.ts";

/** One key under one operator. All conditions of a statement must hold. */
export interface Condition {
  /** Lower case. */
  readonly key: string;
  /** The operator as written, for instance `ForAnyValue:StringLikeIfExists`. */
  readonly name: string;
  /** `Null` tests presence; every other compares. */
  readonly operator: Operator | "Null";
  readonly set: "ForAnyValue" | "ForAllValues" | undefined;
  readonly ifExists: boolean;
  /** Any of them may match; at least one. */
  readonly values: readonly string[];
}

/** Checks one value beyond what its operator asks; answers the rule it breaks. */
export type ValueRule = (condition: Omit<Condition, "values">, value: string) => string | undefined;

/** Reads a `Condition` block: `{ operator: { key: value | [value] } }`. Unknown operators and keys are refused. Spec 3.1. */
export function readConditions(
  reader: Reader,
  value: unknown,
  path: string,
  options: { readonly keys: ConditionKeys; readonly variables: boolean; readonly rule?: ValueRule },
): readonly Condition[] {
  if (value === undefined) return [];
  const conditions: Condition[] = [];
  for (const [name, block] of Object.entries(reader.object(value, path))) {
    const parsed = parseOperator(name);
    if (!parsed) reader.fail(path, `the operator ${quote(name)} is not known.`);
    for (const [keyText, given] of Object.entries(reader.object(block, `${path}.${name}`))) {
      const key = keyText.toLowerCase();
      const place = `${path}.${name}[${quote(keyText)}]`;
      const type = keyType(options.keys, key);
      if (type === undefined) reader.fail(place, "the condition key is not known here.");
      const { operator } = parsed;
      if (operator !== "Null" && operator.type !== "string" && operator.type !== type)
        reader.fail(place, `${name} is for keys whose values are of type ${operator.type}; this key's are ${type}.`);
      const condition = { key, name, ...parsed };
      const values = readValues(reader, given, place, condition);
      for (const entry of values) {
        // A policy variable that is taken for plain text would silently never match.
        if (options.variables && entry.includes("${")) reader.fail(place, "policy variables (${…}) are not supported.");
        const broken = options.rule?.(condition, entry);
        if (broken !== undefined) reader.fail(place, broken);
      }
      conditions.push({ ...condition, values });
    }
  }
  return conditions;
}

/** Whether a condition holds. Missing keys follow IAM: positive false, negated true, IfExists true. Spec 3.4 step 1. */
export function conditionHolds(condition: Condition, context: RequestContext): boolean {
  const found = context.get(condition.key);
  const present = found === undefined ? [] : typeof found === "string" ? [found] : found;
  const { operator, values } = condition;
  if (operator === "Null") return values.some((value) => (value.toLowerCase() === "true") === (present.length === 0));
  const matchesAny = (value: string) => values.some((policyValue) => operator.test(policyValue, value));
  const holds = (value: string) => matchesAny(value) !== operator.negated;
  if (condition.set === "ForAllValues") return present.every(holds);
  if (condition.set === "ForAnyValue") return present.some(holds);
  if (present.length === 0) return condition.ifExists || operator.negated;
  // Several values under an operator without a set prefix: positive means any of them, negated means none.
  return operator.negated ? present.every(holds) : present.some(holds);
}

/** Whether all hold. */
export function conditionsHold(conditions: readonly Condition[], context: RequestContext): boolean {
  return conditions.every((condition) => conditionHolds(condition, context));
}

function parseOperator(name: string): Pick<Condition, "operator" | "set" | "ifExists"> | undefined {
  if (name === "Null") return { operator: "Null", set: undefined, ifExists: false };
  const colon = name.indexOf(":");
  const prefix = colon === -1 ? undefined : name.slice(0, colon);
  const rest = name.slice(colon + 1);
  if (prefix !== undefined && prefix !== "ForAnyValue" && prefix !== "ForAllValues") return undefined;
  const ifExists = rest.endsWith("IfExists");
  const operator = findOperator(ifExists ? rest.slice(0, -"IfExists".length) : rest);
  return operator && { operator, set: prefix, ifExists };
}

function readValues(
  reader: Reader,
  given: unknown,
  path: string,
  { operator, name }: Omit<Condition, "values">,
): readonly string[] {
  const type = operator === "Null" ? "boolean" : operator.type;
  const list: readonly unknown[] = Array.isArray(given) ? given : [given];
  if (list.length === 0) reader.fail(path, "needs at least one value.");
  return list.map((entry) => {
    // JSON's own booleans and numbers stand for their text where the operator's values are such.
    const plain = (type === "boolean" && typeof entry === "boolean") || (type === "date" && typeof entry === "number");
    if (typeof entry !== "string" && !plain) return reader.fail(path, "values must be strings.");
    const text = String(entry);
    const fits = operator === "Null" ? /^(?:true|false)$/i.test(text) : operator.accepts(text);
    if (!fits) {
      const form = operator === "Null" ? "true or false" : operator.form;
      return reader.fail(path, `${quote(text)} is not a value of ${name}: it takes ${form}.`);
    }
    return text;
  });
}
