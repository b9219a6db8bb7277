import { Type as T } from "@sinclair/typebox";

/** An answer without members: `{}`. Spec 2.1. */
export const Empty = T.Unsafe<Readonly<Record<string, never>>>(T.Object({}));
