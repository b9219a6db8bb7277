/**
 * What an evaluation answers. `by` tells which rule refused, and so the wire's error code (spec 3.5):
 * `identity-policy` and `explicit-deny` are `AccessDeniedException` (403), `resource-policy` and `external-id` are
 * `ChannelInsufficientPermission` (400). `message` may be shown to the caller: it never holds an external id or a tag.
 */
export type Decision =
  | { readonly allowed: true }
  | {
      readonly allowed: false;
      readonly by: "identity-policy" | "explicit-deny" | "resource-policy" | "external-id";
      readonly message: string;
    };
