import type { ControlCall } from "./operation.ts";

/** What the list operations take. */
export interface PageInput {
  readonly MaxResults?: number | null | undefined;
  readonly NextToken?: string | null | undefined;
}

/**
 * One page of items in a stable order: by creation, then ARN. `NextToken` is absent on the last page. Spec 2.8.
 * Throws InvalidNextTokenException.
 */
export function page<Item extends { readonly createdAt: number; readonly arn: string }>(
  call: ControlCall<PageInput>,
  operation: string,
  items: Iterable<Item>,
): { readonly items: readonly Item[]; readonly NextToken?: string } {
  const { input, caller, env } = call;
  const binding = { operation, accountId: caller.accountId, parameters: { ...input } };
  const sorted = [...items].toSorted(order);
  let from = 0;
  if (typeof input.NextToken === "string") {
    const [createdAt, arn] = env.tokens.read(binding, input.NextToken);
    const after = { createdAt: Number(createdAt), arn: String(arn) };
    const next = sorted.findIndex((item) => order(item, after) > 0);
    from = next < 0 ? sorted.length : next;
  }
  const taken = sorted.slice(from, from + (input.MaxResults ?? 1000));
  const last = taken.at(-1);
  if (!last || from + taken.length >= sorted.length) return { items: taken };
  return { items: taken, NextToken: env.tokens.write(binding, [last.createdAt, last.arn]) };
}

function order(
  a: { readonly createdAt: number; readonly arn: string },
  b: { readonly createdAt: number; readonly arn: string },
): number {
  return a.createdAt - b.createdAt || (a.arn < b.arn ? -1 : a.arn > b.arn ? 1 : 0);
}
