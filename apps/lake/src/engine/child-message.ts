/** What the lake tells a query child. One query a child, then it ends. */
export type ToChild =
  | { readonly kind: "run"; readonly setup: readonly string[]; readonly sql: string }
  /** One more page may be sent. */
  | { readonly kind: "more" }
  | { readonly kind: "interrupt" };

/** What a query child answers. */
export type FromChild =
  /** Loaded, rights dropped, waiting for its query; `uid` as the child sees it after that. */
  | { readonly kind: "ready"; readonly uid: number | undefined }
  /** It cannot run queries at all. */
  | { readonly kind: "unable"; readonly message: string }
  | { readonly kind: "columns"; readonly columns: readonly string[] }
  | { readonly kind: "page"; readonly rows: readonly (readonly (string | null)[])[] }
  | { readonly kind: "end" }
  | { readonly kind: "failed"; readonly message: string };

/** Who a child becomes before it opens the engine. */
export interface ChildUser {
  readonly uid: number;
  readonly gid: number;
}

/** Reads what a child sent: it is the less trusted side. undefined for what no child of ours sends. */
export function readFromChild(value: unknown): FromChild | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const [kind, message, uid, columns, rows] = ["kind", "message", "uid", "columns", "rows"].map((name): unknown =>
    Reflect.get(value, name),
  );
  if (kind === "end") return { kind };
  if (kind === "ready" && (uid === undefined || typeof uid === "number")) return { kind, uid };
  if ((kind === "unable" || kind === "failed") && typeof message === "string") return { kind, message };
  if (kind === "columns" && isRow(columns) && columns.every((name): name is string => name !== null))
    return { kind, columns };
  if (kind === "page" && Array.isArray(rows) && rows.every(isRow)) return { kind, rows };
  return undefined;
}

/** A row of strings and nulls. */
export function isRow(value: unknown): value is (string | null)[] {
  return Array.isArray(value) && value.every((cell) => cell === null || typeof cell === "string");
}
