import { Type as T } from "@sinclair/typebox";
import type { TSchema } from "@sinclair/typebox";
import { stepsOf } from "./mapping/compilation.ts";
import type { CompiledMapping } from "./mapping/compile-mapping.ts";

/**
 * What a mapping's records look like: the members that its table reads for what every event needs. None is required, since
 * a table may have others in its stead; a record that lacks them all is refused with the reason.
 */
export function recordSchema({ format, kinds }: CompiledMapping): TSchema {
  const tree: Tree = new Map();
  for (const { event } of kinds)
    for (const source of [event.texts.eventName, event.texts.eventSource, event.texts.principalId, event.eventTime])
      for (const pointer of source?.pointers ?? []) plant(tree, stepsOf(pointer));
  return format === undefined ? schemaOf(tree) : T.Intersect([format.record, schemaOf(tree)]);
}

type Tree = Map<string, Tree>;

function plant(tree: Tree, steps: readonly string[]): void {
  let level = tree;
  for (const step of steps) {
    // What is below any one of them cannot be named.
    if (step === "*") return;
    const below: Tree = level.get(step) ?? new Map();
    level.set(step, below);
    level = below;
  }
}

function schemaOf(tree: Tree): TSchema {
  return T.Object(
    Object.fromEntries(
      [...tree].map(([name, below]) => [name, T.Optional(below.size === 0 ? T.Unknown() : schemaOf(below))]),
    ),
  );
}
