import { createHmac, timingSafeEqual } from "node:crypto";
import { controlError } from "./control-error.ts";

/** What a token is good for; anywhere else it is refused. */
export interface TokenBinding {
  readonly operation: string;
  readonly accountId: string;
  /** The call's parameters but NextToken. */
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** Where the next page begins: after this item. */
export type Cursor = readonly (string | number)[];

/** Opaque NextToken values: a cursor signed by a secret of the lake together with what it is bound to. Spec 2.8. */
export class PaginationTokens {
  readonly #secret: () => Uint8Array;

  constructor(secret: () => Uint8Array) {
    this.#secret = secret;
  }

  write(binding: TokenBinding, cursor: Cursor): string {
    const text = JSON.stringify(cursor);
    return Buffer.concat([this.#mac(binding, text), Buffer.from(text, "utf8")]).toString("base64url");
  }

  /** Throws InvalidNextTokenException for a token that was altered or made for another call. */
  read(binding: TokenBinding, token: string): Cursor {
    const bytes = Buffer.from(token, "base64url");
    if (bytes.length > 32 && bytes.toString("base64url") === token) {
      const text = bytes.subarray(32).toString("utf8");
      const cursor: unknown = timingSafeEqual(bytes.subarray(0, 32), this.#mac(binding, text))
        ? JSON.parse(text)
        : undefined;
      if (isCursor(cursor)) return cursor;
    }
    throw controlError(
      "InvalidNextTokenException",
      "NextToken is not one that this call returned. Repeat the call with the same parameters, or begin without NextToken.",
    );
  }

  #mac({ operation, accountId, parameters }: TokenBinding, text: string): Buffer {
    const sorted = Object.entries(parameters)
      .filter(([name, value]) => name !== "NextToken" && value !== undefined && value !== null)
      .toSorted(([a], [b]) => (a < b ? -1 : 1));
    return createHmac("sha256", this.#secret())
      .update(JSON.stringify([operation, accountId, sorted, text]))
      .digest();
  }
}

function isCursor(value: unknown): value is Cursor {
  return Array.isArray(value) && value.every((part) => typeof part === "string" || typeof part === "number");
}
