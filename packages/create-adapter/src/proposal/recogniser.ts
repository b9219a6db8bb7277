import type { Path, Proposal } from "./proposal.ts";

/** What a record must have, as a tree of its members. */
export type Recogniser = { readonly [member: string]: Required };

/** A text that is not blank, anything at all, or an object with members of its own. */
export type Required =
  | { readonly kind: "text" }
  | { readonly kind: "any"; readonly optional: boolean }
  | { readonly kind: "object"; readonly optional: boolean; readonly members: Recogniser };

/**
 * What makes a record one of the vendor's: the time, and the text that says what was done where every sample has one. Two
 * times are both optional, since a record has the one or the other.
 */
export function recogniserOf({ times, action }: Pick<Proposal, "times" | "action">): Recogniser {
  let tree: Recogniser = {};
  for (const { path } of times) tree = grown(tree, path, { kind: "any", optional: times.length > 1 });
  return action?.isAlwaysThere === true ? grown(tree, action.path, { kind: "text" }) : tree;
}

function grown(tree: Recogniser, path: Path, leaf: Exclude<Required, { kind: "object" }>): Recogniser {
  const [step, ...below] = path;
  if (step === undefined) return tree;
  const known = Object.hasOwn(tree, step) ? tree[step] : undefined;
  if (below.length === 0) return known === undefined ? { ...tree, [step]: leaf } : tree;
  if (known !== undefined && known.kind !== "object") return tree;
  const optional = leaf.kind === "any" && leaf.optional && known?.optional !== false;
  return { ...tree, [step]: { kind: "object", optional, members: grown(known?.members ?? {}, below, leaf) } };
}
