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
