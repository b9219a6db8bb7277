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
