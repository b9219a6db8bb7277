import { controlError } from "./control-error.ts";

/** The parts of a selector that matter here; the shape was checked before. */
interface Selector {
  readonly Name?: string | null | undefined;
  readonly FieldSelectors: readonly {
    readonly Field: string;
    readonly Equals?: readonly string[] | null | undefined;
  }[];
}

const category = { Field: "eventCategory", Equals: ["ActivityAuditLog"] };

/**
 * The selectors of an activity store: exactly one, of eventCategory ActivityAuditLog; what else it could hold is refused.
 * Without any, the server's default category decides. Throws InvalidEventSelectorsException. Spec 2.4.
 */
export function activitySelectors(
  given: readonly Selector[] | null | undefined,
  defaultCategory: "ActivityAuditLog" | undefined,
): readonly Selector[] {
  if (given === null || given === undefined || given.length === 0) {
    if (defaultCategory) return [{ FieldSelectors: [category] }];
    throw refusal();
  }
  const [selector] = given;
  const [field] = selector?.FieldSelectors ?? [];
  const operators = Object.entries(field ?? {}).filter(
    ([name, value]) => name !== "Field" && value !== null && value !== undefined,
  );
  const exact =
    given.length === 1 &&
    selector?.FieldSelectors.length === 1 &&
    field?.Field === "eventCategory" &&
    operators.length === 1 &&
    field.Equals?.length === 1 &&
    field.Equals[0] === "ActivityAuditLog";
  if (!exact) throw refusal();
  return [{ ...(typeof selector.Name === "string" ? { Name: selector.Name } : {}), FieldSelectors: [category] }];
}

function refusal(): Error {
  return controlError(
    "InvalidEventSelectorsException",
    'This lake stores activity events: AdvancedEventSelectors must be [{"FieldSelectors":[{"Field":"eventCategory","Equals":["ActivityAuditLog"]}]}].',
  );
}
