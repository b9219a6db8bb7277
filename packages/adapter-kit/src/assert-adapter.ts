import { TributaryError } from "@tributary/schema";
import type { Adapter } from "./contract/adapter.ts";

/**
 * The value as an adapter, for what was loaded by name or path. Looks at the shape and the contract's number, not at
 * classes, so that two copies of the kit understand each other. Throws `ADAPTER_INVALID` with the reason.
 */
export function assertAdapter(value: unknown): Adapter {
  const reason = flaw(value);
  if (reason === undefined) return value as Adapter;
  throw new TributaryError(`This is not an adapter: ${reason}. Export what defineAdapter answers.`, {
    code: "ADAPTER_INVALID",
  });
}

function flaw(value: unknown): string | undefined {
  if (typeof value !== "object" || value === null)
    return `it is ${value === null ? "null" : typeof value}, not an object`;
  const adapter = value as Partial<Record<keyof Adapter, unknown>>;
  if (adapter.contract !== 1) return `its contract is ${String(adapter.contract)}, this host speaks 1`;
  for (const key of ["name", "source", "displayName"] as const)
    if (typeof adapter[key] !== "string" || adapter[key] === "") return `${key} is not a text`;
  for (const key of ["map", "parts"] as const)
    if (typeof adapter[key] !== "function") return `${key} is not a function`;
  if (typeof adapter.formats !== "object" || adapter.formats === null) return "formats is not an object";
  for (const [name, format] of Object.entries(
    adapter.formats as Readonly<Record<string, { frame?: unknown } | null>>,
  )) {
    const frame = format?.frame;
    const elements =
      typeof frame === "object" && frame !== null && typeof (frame as { elementsOf?: unknown }).elementsOf === "string";
    if (!elements && frame !== "line" && frame !== "body" && frame !== "csv")
      return `format ${name} has no known frame`;
  }
  return undefined;
}
