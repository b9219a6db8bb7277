import { dirname, join, normalize } from "node:path";
import { expect, test } from "vitest";
import { importsOf, packages } from "./workspace.ts";

/** Returns one cycle of the graph, or undefined. Iterative depth-first search with three colours. */
function findCycle(graph: ReadonlyMap<string, readonly string[]>): readonly string[] | undefined {
  const state = new Map<string, "open" | "done">();
  for (const start of graph.keys()) {
    if (state.has(start)) continue;
    const path: { node: string; next: number }[] = [{ node: start, next: 0 }];
    state.set(start, "open");
    while (path.length > 0) {
      const top = path.at(-1)!;
      const target = graph.get(top.node)?.[top.next++];
      if (target === undefined) {
        state.set(top.node, "done");
        path.pop();
      } else if (state.get(target) === "open") {
        const names = path.map((step) => step.node);
        return [...names.slice(names.indexOf(target)), target];
      } else if (!state.has(target)) {
        state.set(target, "open");
        path.push({ node: target, next: 0 });
      }
    }
  }
  return undefined;
}

test("the search for cycles finds one", () => {
  const graph = new Map([
    ["a", ["b"]],
    ["b", ["c"]],
    ["c", ["b"]],
  ]);
  expect(findCycle(graph)).toEqual(["b", "c", "b"]);
});

test.each(packages().map((one) => [one.manifest.name, one] as const))("%s has no import cycle", (_name, one) => {
  const graph = new Map(
    one.sources.map((file) => [
      file,
      importsOf(file)
        .filter((found) => found.specifier.startsWith(".") && !found.typeOnly)
        .map((found) => normalize(join(dirname(file), found.specifier))),
    ]),
  );
  expect(findCycle(graph)).toBeUndefined();
});

test("the workspace's packages have no cycle", () => {
  const all = packages();
  const names = new Set(all.map((one) => one.manifest.name));
  const graph = new Map(
    all.map((one) => [
      one.manifest.name,
      Object.keys({ ...one.manifest.dependencies, ...one.manifest.peerDependencies }).filter((name) => names.has(name)),
    ]),
  );
  expect(findCycle(graph)).toBeUndefined();
});
