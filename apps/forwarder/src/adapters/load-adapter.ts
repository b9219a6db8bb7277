import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { type Adapter, assertAdapter } from "@tributary/adapter-kit";
import { TributaryError } from "@tributary/schema";
import { builtInAdapters, type LoadedAdapter } from "./built-in.ts";

/**
 * Loads what `--adapter` names: a short name of a built-in one, a path (`./my-adapter.js`), or a package installed where
 * the command runs. Only what the command line names is ever imported: an adapter runs with the forwarder's rights.
 * Throws `ADAPTER_NOT_FOUND` and `ADAPTER_INVALID`, with the reason.
 */
export async function loadAdapter(name: string, directory: string): Promise<LoadedAdapter> {
  if (Object.hasOwn(builtInAdapters, name))
    return { adapter: pick(await builtInAdapters[name]!(), name), builtIn: true };
  return { adapter: pick(await load(name, directory), name), builtIn: false };
}

async function load(name: string, directory: string): Promise<Readonly<Record<string, unknown>>> {
  const isPath = /^(\.{1,2}(\/|$)|\/|file:)/.test(name) || /\.[cm]?[jt]s$/.test(name);
  const path = name.startsWith("file:") ? undefined : resolve(directory, name);
  if (isPath && path !== undefined && !existsSync(path)) throw notFound(name, `there is no file ${path}`);
  if (!isPath && !/^(@[a-z0-9-._~]+\/)?[a-z0-9-._~]+$/.test(name))
    throw notFound(name, "it is neither a path nor a package name");
  let url: string;
  try {
    url =
      path === undefined
        ? name
        : isPath
          ? pathToFileURL(entryOf(path)).href
          : pathToFileURL(createRequire(join(directory, "noop.js")).resolve(name)).href;
  } catch {
    throw notFound(name, `no package of this name is installed in ${directory} (npm install ${name})`);
  }
  try {
    const module: Readonly<Record<string, unknown>> = await import(url);
    return module;
  } catch (cause) {
    throw new TributaryError(
      `Adapter ${name} could not be loaded: ${cause instanceof Error ? cause.message : String(cause)}`,
      { code: "ADAPTER_INVALID", cause },
    );
  }
}

/** A directory is its package's entry. */
function entryOf(path: string): string {
  return createRequire(join(path, "noop.js")).resolve(path);
}

function notFound(name: string, why: string): TributaryError {
  const known = Object.keys(builtInAdapters).join(", ");
  return new TributaryError(
    `There is no adapter ${name}: ${why}. Built in: ${known}. Others by package name or path.`,
    { code: "ADAPTER_NOT_FOUND" },
  );
}

/** The one adapter a module exports: `default`, or the only export that is one. */
function pick(module: Readonly<Record<string, unknown>>, name: string): Adapter {
  const problems: string[] = [];
  const adapters = new Set<Adapter>();
  for (const [key, value] of Object.entries(module)) {
    if (typeof value !== "object" || value === null) continue;
    try {
      const adapter = assertAdapter(value);
      if (key === "default") return adapter;
      adapters.add(adapter);
    } catch (error) {
      problems.push(`${key}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  const [only] = adapters;
  if (only !== undefined && adapters.size === 1) return only;
  const why =
    adapters.size > 1
      ? `it exports ${adapters.size} adapters; make one the default export`
      : (problems[0] ?? "it exports nothing that defineAdapter made");
  throw new TributaryError(`${name} is not an adapter: ${why}.`, { code: "ADAPTER_INVALID" });
}
