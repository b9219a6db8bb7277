import { readFileSync } from "node:fs";
import type { Adapter, Json } from "@tributary/adapter-kit";
import { commandAdapter } from "@tributary/adapter-kit/json-lines";
import { TributaryError } from "@tributary/schema";
import { loadAdapter } from "../adapters/load-adapter.ts";
import { adapterOptions } from "./adapter-options.ts";
import { usageError } from "./usage-error.ts";

/** The options by which a command line names an adapter and says what it is told. */
export const adapterArguments = {
  adapter: { type: "string" },
  "adapter-command": { type: "string" },
  "adapter-options": { type: "string" },
  mapping: { type: "string" },
  keep: { type: "string", multiple: true },
  format: { type: "string" },
} as const;

export const adapterHelp = `  --adapter NAME          a name of tributary adapters; a package installed here; or a path to one
  --adapter-command CMD   a command that is an adapter: it speaks the JSON-lines protocol (in any language)
  --adapter-options FILE  JSON for the adapter (its README lists them; redact masks more than secrets)
  --mapping FILE          a mapping document, YAML or JSON, for --adapter custom
  --keep RULE             do not drop by this rule of the adapter; may be repeated
  --format NAME           of the adapter; default: told by the first bytes`;

export interface ChosenAdapter {
  readonly adapter: Adapter;
  /** Every event it makes is checked by our own kit already. */
  readonly builtIn: boolean;
  readonly options: Json | undefined;
  readonly close: () => Promise<void>;
}

/** Values of {@link adapterArguments}. */
export interface AdapterValues {
  readonly adapter?: string | undefined;
  readonly "adapter-command"?: string | undefined;
  readonly "adapter-options"?: string | undefined;
  readonly mapping?: string | undefined;
  readonly keep?: readonly string[] | undefined;
  readonly format?: string | undefined;
}

/** Whether one adapter is named. Throws USAGE. */
export function checkAdapterNamed({ adapter, "adapter-command": command }: AdapterValues): void {
  if (adapter === undefined && command === undefined) throw usageError("--adapter is missing.");
  if (adapter !== undefined && command !== undefined)
    throw usageError("Give --adapter or --adapter-command, not both.");
}

/** The adapter of a command line, and what it is told. Throws USAGE, ADAPTER_NOT_FOUND, ADAPTER_INVALID and MAPPING_INVALID. */
export async function chosenAdapter(values: AdapterValues): Promise<ChosenAdapter> {
  checkAdapterNamed(values);
  const opened = await openAdapter(values);
  const { adapter } = opened;
  try {
    const { format } = values;
    if (format !== undefined && !Object.hasOwn(adapter.formats, format))
      throw usageError(`${adapter.name} has no format ${format}; it has ${Object.keys(adapter.formats).join(", ")}.`);
    const options = adapterOptions(values["adapter-options"], values.keep, adapter.drops ?? {});
    if (values.mapping !== undefined && (options?.["zone"] !== undefined || options?.["format"] !== undefined))
      throw usageError("With --mapping the document itself says zone and extends: take them out of --adapter-options.");
    return { ...opened, options };
  } catch (error) {
    await opened.close();
    throw error;
  }
}

/** An adapter in this process has nothing to end. */
const close = (): Promise<void> => Promise.resolve();

async function openAdapter(values: AdapterValues): Promise<Pick<ChosenAdapter, "adapter" | "builtIn" | "close">> {
  const { adapter: name = "", "adapter-command": command, mapping } = values;
  if (mapping !== undefined && name !== "custom")
    throw usageError("--mapping is of --adapter custom; other adapters have their own mapping.");
  if (command !== undefined) return { ...commandAdapter({ command: wordsOf(command) }), builtIn: true };
  if (mapping !== undefined) {
    return { adapter: await mappedAdapter(mapping), builtIn: true, close };
  }
  return { ...(await loadAdapter(name, process.cwd())), close };
}

/** Words between blanks; a word in double quotes may hold blanks. No shell reads it. */
function wordsOf(command: string): readonly [string, ...string[]] {
  const [program, ...args] = [...command.matchAll(/"([^"]*)"|(\S+)/g)].map(
    ([, quoted, plain]) => quoted ?? plain ?? "",
  );
  if (program === undefined) throw usageError("--adapter-command is empty.");
  return [program, ...args];
}

/** The adapter of a mapping document, with its own name and drop rules. */
async function mappedAdapter(file: string): Promise<Adapter> {
  const { customAdapter, parseMapping } = await import("@tributary/adapter-custom");
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (cause) {
    throw new TributaryError(`--mapping ${file}: ${cause instanceof Error ? cause.message : String(cause)}`, {
      code: "USAGE",
      cause,
    });
  }
  return customAdapter(parseMapping(text, file));
}
