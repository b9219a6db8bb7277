import { TributaryError } from "@tributary/schema";
import type { Adapter } from "./contract/adapter.ts";
import { getOwn } from "./own-property.ts";

/**
 * The value as an adapter, for what was loaded by name or path. Looks at the shape and the contract's number, not at
 * classes, so that two copies of the kit understand each other. Throws `ADAPTER_INVALID` with the reason.
 */
export function assertAdapter(value: unknown): Adapter {
  if (isAdapter(value)) return value;
  throw new TributaryError(`This is not an adapter: ${flaw(value)}. Export what defineAdapter answers.`, {
    code: "ADAPTER_INVALID",
  });
}

function isAdapter(value: unknown): value is Adapter {
  return flaw(value) === undefined;
}

function flaw(value: unknown): string | undefined {
  if (typeof value !== "object" || value === null)
    return `it is ${value === null ? "null" : typeof value}, not an object`;
  const adapter: Partial<Record<keyof Adapter, unknown>> = value;
  if (adapter.contract !== 1) return `its contract is ${JSON.stringify(adapter.contract)}, this host speaks 1`;
  for (const key of ["name", "source", "displayName"] as const)
    if (typeof adapter[key] !== "string" || adapter[key] === "") return `${key} is not a text`;
  for (const key of ["map", "parts"] as const)
    if (typeof adapter[key] !== "function") return `${key} is not a function`;
  if (typeof adapter.formats !== "object" || adapter.formats === null) return "formats is not an object";
  for (const [name, format] of Object.entries(adapter.formats)) {
    const frame = getOwn(format, "frame");
    const known =
      frame === "line" || frame === "body" || frame === "csv" || typeof getOwn(frame, "elementsOf") === "string";
    if (!known) return `format ${name} has no known frame`;
  }
  return undefined;
}
