import { text, valueAt } from "@tributary/adapter-kit";

/** What a record is, with the members that make it that. */
export type Kind =
  /** A call of the Admin API. The path may be empty. */
  | { readonly kind: "request"; readonly method: string; readonly path: string }
  /** A row that a call of the Admin API changed. */
  | { readonly kind: "object"; readonly table: string; readonly operation: string }
  /** A proxied request, as log plugins write it. */
  | { readonly kind: "traffic" }
  /** An event of Konnect's audit log, as a webhook sends it. */
  | { readonly kind: "push"; readonly name: string }
  /** An event of Konnect's audit log, as the API shows it: its type is its name. */
  | { readonly kind: "pull"; readonly name: string };

/** The kind of a record; undefined for what is none. */
export function kindOf(record: unknown): Kind | undefined {
  const [table, operation] = [named(record, "dao_name"), named(record, "operation")];
  if (table !== undefined && operation !== undefined) return { kind: "object", table, operation };
  const request = valueAt(record, "request");
  const started = valueAt(record, "started_at");
  if (typeof request === "object" && request !== null && !Array.isArray(request) && started !== undefined)
    return { kind: "traffic" };
  const name = named(record, "name");
  if (name !== undefined && named(record, "event_product") !== undefined) return { kind: "push", name };
  const type = named(record, "type");
  if (type !== undefined && valueAt(record, "ts") !== undefined && valueAt(record, "org_id") !== undefined)
    return { kind: "pull", name: type };
  const [method, path] = [named(record, "method"), valueAt(record, "path")];
  return method !== undefined && typeof path === "string" ? { kind: "request", method, path } : undefined;
}

/** A text that is not blank. */
function named(record: unknown, key: string): string | undefined {
  const value = valueAt(record, key);
  return typeof value === "string" ? text(value) : undefined;
}
