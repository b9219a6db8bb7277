import type { ShapeProblem } from "@tributary/schema";
import type { Members } from "../core/members.ts";
import type { ControlReason } from "./control-refusals.ts";
import type { ControlRules } from "./control-rules.ts";
import type { EventRules } from "./event-rules.ts";
import type { PolicyRules } from "./policy-rules.ts";
import type { Rules } from "./rules.ts";

/** A lake with one defect. */
export interface Mutant {
  readonly name: string;
  /**
   * Clauses that must find it, and no others may: ids, or what ids begin with. Each must match a clause that fails, each clause that fails
   * must match one of them. With `?` at its end one may fail, and need not: chance decides what a search meets. `"*"`: the defect spoils nearly everything, and proves no check.
   */
  readonly kills: readonly string[];
  readonly change: (rules: Rules) => Rules;
}

/** A defect in how a request is read or answered. */
export function inRequest(name: string, kills: readonly string[], change: Partial<Rules["request"]>): Mutant {
  return { name, kills, change: (rules) => ({ ...rules, request: { ...rules.request, ...change } }) };
}

/** A defect in how one event is judged. */
export function inEvent(name: string, kills: readonly string[], change: Partial<EventRules>): Mutant {
  return { name, kills, change: (rules) => ({ ...rules, event: { ...rules.event, ...change } }) };
}

/** A defect in how answers look. */
export function inAnswer(name: string, kills: readonly string[], change: Partial<Rules["answer"]>): Mutant {
  return { name, kills, change: (rules) => ({ ...rules, answer: { ...rules.answer, ...change } }) };
}

/** A defect in who is believed. */
export function inSignature(name: string, kills: readonly string[], change: Partial<Rules["signature"]>): Mutant {
  return { name, kills, change: (rules) => ({ ...rules, signature: { ...rules.signature, ...change } }) };
}

/** A defect in what a policy says. */
export function inPolicy(name: string, kills: readonly string[], change: Partial<PolicyRules>): Mutant {
  return { name, kills, change: (rules) => ({ ...rules, policy: { ...rules.policy, ...change } }) };
}

/** A defect in the control plane. */
export function inControl(
  name: string,
  kills: readonly string[],
  change: Partial<ControlRules> | ((rules: ControlRules) => Partial<ControlRules>),
): Mutant {
  const changed = (control: ControlRules) => (typeof change === "function" ? change(control) : change);
  return { name, kills, change: (rules) => ({ ...rules, control: { ...rules.control, ...changed(rules.control) } }) };
}

/** A control plane that does not refuse for these reasons. */
export function unrefused(name: string, kills: readonly string[], ...reasons: readonly ControlReason[]): Mutant {
  return inControl(name, kills, ({ refusals }) => ({
    refusals: { ...refusals, ...Object.fromEntries(reasons.map((reason) => [reason, undefined])) },
  }));
}

/** A control plane that refuses by another name. */
export function refusedAs(name: string, kills: readonly string[], reason: ControlReason, code: string): Mutant {
  return inControl(name, kills, ({ refusals }) => ({ refusals: { ...refusals, [reason]: code } }));
}

/** A control plane that overlooks these problems of shapes. @param place `Operation/Member/...`; numbers of lists are `*` */
export function overlooks(
  name: string,
  kills: readonly string[],
  is: (place: string, constraint: ShapeProblem["constraint"], input: Members) => boolean,
): Mutant {
  return inControl(name, kills, ({ shape }) => ({
    shape: (operation, input) =>
      shape(operation, input).filter(
        ({ path, constraint }) => !is(`${operation}${path.replaceAll(/\/\d+(?=\/|$)/g, "/*")}`, constraint, input),
      ),
  }));
}

/** A control plane that finds a problem where there is none. */
export function findsAProblem(
  name: string,
  kills: readonly string[],
  where: (operation: string, input: Members) => string | undefined,
): Mutant {
  return inControl(name, kills, ({ shape }) => ({
    shape: (operation, input) => {
      const path = where(operation, input);
      const made: ShapeProblem = { path: path ?? "", constraint: "length", message: "A value is not as it should be" };
      return path === undefined ? shape(operation, input) : [made];
    },
  }));
}
