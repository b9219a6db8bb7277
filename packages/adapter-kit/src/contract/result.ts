export type Result =
  | { readonly kind: "event"; readonly part: number; readonly id: string; readonly eventData: string; readonly marks: readonly Mark[] }
  | { readonly kind: "dropped"; readonly part: number; readonly rule: string }
  | { readonly kind: "refused"; readonly part: number; readonly code: string; readonly path: string; readonly message: string };
export interface Mark { readonly kind: "trimmed" | "redacted" | "big-number"; readonly path: string }
