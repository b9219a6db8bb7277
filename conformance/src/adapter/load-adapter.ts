import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { type Adapter, assertAdapter } from "@tributary/adapter-kit";
import { commandAdapter } from "@tributary/adapter-kit/json-lines";

/** An adapter as the command line names it. */
export type AdapterName =
  | { readonly command: readonly [string, ...string[]] }
  /** A package that is installed where the command runs, or a path. */
  | { readonly module: string };

/** The file of a package or a path. Throws what `require.resolve` does. */
export function adapterFile(name: string): string {
  const isPath = /^(\.{1,2}\/|\/)/.test(name);
  return createRequire(join(process.cwd(), "noop.js")).resolve(isPath ? resolve(name) : name);
}

/** Where a package has its fixture pairs. */
export function fixturesBeside(file: string): string {
  return join(dirname(dirname(file)), "test", "fixtures");
}

/** Loads it, or starts its command. Throws with the reason when it is no adapter. */
export async function loadAdapter(name: AdapterName): Promise<Adapter> {
  if ("command" in name) return commandAdapter({ command: name.command }).adapter;
  const module: Readonly<Record<string, unknown>> = await import(pathToFileURL(adapterFile(name.module)).href);
  const own = [module["default"], ...Object.values(module)].find((value) => {
    try {
      return assertAdapter(value) !== undefined;
    } catch {
      return false;
    }
  });
  // Throws with the reason where there is none.
  return assertAdapter(own ?? module["default"]);
}
