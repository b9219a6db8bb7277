import type { Senders } from "./channel-policy-text.ts";
import type { Tags } from "./control-plane.ts";

/** A store that is there, or one that an earlier step makes. */
export type StoreRef = { readonly arn: string } | { readonly made: string };

/** One call that changes something. `name` is the channel's or the store's. */
export type Step =
  | { readonly kind: "createStore"; readonly name: string; readonly retentionDays: number; readonly tags: Tags }
  | { readonly kind: "setRetention"; readonly name: string; readonly arn: string; readonly days: number }
  | { readonly kind: "tagStore"; readonly name: string; readonly arn: string; readonly tags: Tags }
  | {
      readonly kind: "createChannel";
      readonly name: string;
      readonly source: string;
      readonly stores: readonly StoreRef[];
      readonly tags: Tags;
    }
  | {
      readonly kind: "setDestinations";
      readonly name: string;
      readonly arn: string;
      readonly stores: readonly StoreRef[];
    }
  | { readonly kind: "putPolicy"; readonly name: string; readonly senders: Senders }
  | { readonly kind: "deletePolicy"; readonly name: string; readonly arn: string }
  | { readonly kind: "tagChannel"; readonly name: string; readonly arn: string; readonly tags: Tags }
  | { readonly kind: "deleteChannel"; readonly name: string; readonly arn: string }
  | { readonly kind: "endProtection"; readonly name: string; readonly arn: string }
  | { readonly kind: "deleteStore"; readonly name: string; readonly arn: string };

/** What becomes of one store or channel. */
export interface PlanItem {
  readonly what: "store" | "channel";
  readonly name: string;
  /** Undefined for what is not there yet. */
  readonly arn: string | undefined;
  readonly verdict: "create" | "change" | "delete" | "unchanged" | "not managed";
  /** One line each. */
  readonly differences: readonly string[];
  readonly steps: readonly Step[];
}

/** What would be done. Where there are problems, nothing is. */
export interface Plan {
  readonly items: readonly PlanItem[];
  readonly problems: readonly string[];
  readonly notes: readonly string[];
}

/** All steps, in the order in which they are done: stores first, deletions last. */
export function stepsOf(plan: Plan): readonly Step[] {
  return plan.items.flatMap(({ steps }) => steps);
}
