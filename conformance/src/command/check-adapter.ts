import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { type Adapter, assertAdapter } from "@tributary/adapter-kit";
import { commandAdapter } from "@tributary/adapter-kit/json-lines";
import { adapterChecks } from "../adapter/adapter-checks.ts";
import { runChecks } from "../core/run-checks.ts";
import type { Io } from "./io.ts";
import { parsed, reportingOptions, runOptions, tell, wholeNumber } from "./reporting.ts";
import { UsageError } from "./usage-error.ts";

const options = {
  ...reportingOptions,
  adapter: { type: "string" },
  "adapter-command": { type: "string" },
  fixtures: { type: "string" },
} as const;

/** Checks an adapter: a package, a file, or a command that speaks JSON lines. Answers the exit code. */
export async function checkAdapter(argv: readonly string[], io: Io): Promise<number> {
  const values = parsed(argv, options);
  const { adapter: name, "adapter-command": command } = values;
  if ((name === undefined) === (command === undefined))
    throw new UsageError("adapter takes --adapter NAME-OR-PATH or --adapter-command COMMAND.");
  const words = command?.split(/\s+/).filter((word) => word !== "") ?? [];
  const [program, ...rest] = words;
  const loaded = program === undefined ? await fromModule(name ?? "") : fromCommand([program, ...rest]);
  const fixtures = values.fixtures === undefined ? loaded.fixtures : resolve(values.fixtures);
  if (fixtures === undefined) throw new UsageError("--fixtures names the folder of the adapter's fixture pairs.");
  try {
    const report = await runChecks({
      ...runOptions(
        values,
        `tributary-conformance adapter ${name === undefined ? "--adapter-command '...'" : `--adapter ${name}`}`,
        io,
      ),
      profile: "adapter",
      checks: adapterChecks(loaded.adapter, fixtures, wholeNumber(values.runs, "--runs")),
      world: undefined,
      subject: name ?? command ?? "",
      claimed: new Set(),
    });
    return tell(report, values, io);
  } finally {
    await loaded.close();
  }
}

interface Loaded {
  readonly adapter: Adapter;
  /** Where a package has them, where that is known. */
  readonly fixtures: string | undefined;
  readonly close: () => Promise<void>;
}

async function fromModule(name: string): Promise<Loaded> {
  const isPath = /^(\.{1,2}\/|\/)/.test(name);
  let file: string;
  try {
    file = createRequire(join(process.cwd(), "noop.js")).resolve(isPath ? resolve(name) : name);
  } catch (error) {
    throw new UsageError(`${name} is neither a file nor a package that is installed here.`, { cause: error });
  }
  const module: Readonly<Record<string, unknown>> = await import(pathToFileURL(file).href);
  const own = [module["default"], ...Object.values(module)].find((value) => {
    try {
      return assertAdapter(value) !== undefined;
    } catch {
      return false;
    }
  });
  // Throws with the reason where there is none.
  const adapter = assertAdapter(own ?? module["default"]);
  return { adapter, fixtures: join(dirname(dirname(file)), "test", "fixtures"), close: () => Promise.resolve() };
}

function fromCommand(command: readonly [string, ...string[]]): Loaded {
  const started = commandAdapter({ command });
  return { adapter: started.adapter, fixtures: undefined, close: () => started.close() };
}
