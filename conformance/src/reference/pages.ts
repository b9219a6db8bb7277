import { createHmac } from "node:crypto";
import { isMembers } from "../core/members.ts";
import { type ControlCall, refusal, textOf } from "./control-call.ts";

/** One page of a list, and the token of the next. Spec 2.8. */
export function page<Item>(
  call: ControlCall,
  items: readonly Item[],
): { readonly items: readonly Item[]; readonly next: { readonly NextToken?: string } } {
  const { input, rules } = call;
  const token = textOf(input, "NextToken");
  const from = token === undefined ? 0 : readToken(call, token);
  const size = typeof input["MaxResults"] === "number" ? input["MaxResults"] : rules.defaultPage;
  const end = from + rules.pageSize(size);
  const more = end < items.length || rules.endsEarly;
  return {
    items: items.slice(from, end),
    next: more && !rules.endsEarly ? { NextToken: writeToken(call, rules.nextIndex(end)) } : {},
  };
}

function writeToken(call: ControlCall, index: number): string {
  return Buffer.from(JSON.stringify({ index, mac: mac(call, index) })).toString("base64url");
}

function readToken(call: ControlCall, token: string): number {
  try {
    const read: unknown = JSON.parse(Buffer.from(token, "base64url").toString());
    const { index, mac: signed } = isMembers(read) ? read : {};
    const isOurs = typeof index === "number" && (signed === mac(call, index) || !call.rules.signsTokens);
    if (isOurs && Buffer.from(token, "base64url").toString("base64url") === token) return index;
  } catch {
    // Answered as any other token that is not ours.
  }
  if (call.rules.refusals["page/token"] === undefined) return 0;
  throw refusal(call.rules, "page/token", "NextToken is not one that this call answered.");
}

function mac({ operation, caller, input, rules }: ControlCall, index: number): string {
  const { NextToken: _token, ...others } = input;
  const parameters = JSON.stringify(Object.entries(others).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  return createHmac("sha256", "of the reference lake")
    .update(`${rules.tokenBinding(operation, caller.accountId, parameters)} ${index}`)
    .digest("base64url");
}
