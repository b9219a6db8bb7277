import { Type } from "@sinclair/typebox";
import type { TUnsafe } from "@sinclair/typebox";

/** A text that never shows itself: its toString, toJSON and inspect print `***`. */
export interface Secret {
  reveal(): string;
}

const shown = "***";
const made = new WeakSet<object>();

/** A secret of a text that a host has read from where the configuration says. */
export function secretFrom(text: string): Secret {
  const secret = Object.freeze({
    reveal: () => text,
    toString: () => shown,
    toJSON: () => shown,
    [Symbol.for("nodejs.util.inspect.custom")]: () => shown,
  });
  made.add(secret);
  return secret;
}

/** Whether a value is a {@link Secret}: of this copy of the kit, or of another one by its shape. */
export function isSecret(value: unknown): value is Secret {
  return (
    typeof value === "object" &&
    value !== null &&
    (made.has(value) || ("reveal" in value && typeof value.reveal === "function"))
  );
}

/** The keyword that marks an option as a secret. */
export const secretKeyword = "x-tributary-secret";

/**
 * The schema of an option that is a secret. A configuration says where it is (`{env}`, `{file}` or `{command}`), the host
 * reads it, and the poller or webhook gets a {@link Secret}.
 */
export function SecretOption(options: { readonly description?: string } = {}): TUnsafe<Secret> {
  return Type.Unsafe<Secret>(Type.Unknown({ ...options, [secretKeyword]: true }));
}
