import type { Members } from "../core/members.ts";
import type { Identity } from "../wire/identity.ts";
import { type ControlReason, controlRefusals } from "./control-refusals.ts";
import type { ControlRules } from "./control-rules.ts";
import type { ControlState, EventDataStore } from "./control-state.ts";
import { Refusal } from "./refusal.ts";

/** One call of one operation, its shape checked. */
export interface ControlCall {
  readonly operation: string;
  readonly input: Members;
  readonly caller: Identity;
  readonly state: ControlState;
  readonly rules: ControlRules;
  readonly region: string;
  /** ms since 1970. */
  readonly now: number;
  /** Whether the caller's policies, or the store's own, allow the operation on it. */
  readonly mayUse: (store: EventDataStore) => boolean;
}

/** The refusal of a reason. */
export function refusal(rules: ControlRules, reason: ControlReason, message: string): Refusal {
  const code = rules.refusals[reason] ?? controlRefusals[reason];
  return new Refusal(code, message, rules.statusOf(code));
}

/** Throws the refusal of a reason unless it holds, or the rules know no such refusal. */
export function must({ rules }: ControlCall, holds: boolean, reason: ControlReason, message: string): void {
  if (!holds && rules.refusals[reason] !== undefined) throw refusal(rules, reason, message);
}

/** A member that is text. */
export function textOf(input: Members, member: string): string | undefined {
  const value = input[member];
  return typeof value === "string" ? value : undefined;
}

/** A member that is a list. */
export function listOf(input: Members, member: string): readonly unknown[] | undefined {
  const value = input[member];
  return Array.isArray(value) ? value : undefined;
}
