import type { Member, Sharing } from "../state/leases.ts";

/**
 * What a forwarder does so that each integration is held by one of those that can, and none holds two more than another that could
 * hold one of them. All forwarders that see the same come to the same answer, so two rarely reach for one.
 */
export function shareOut(
  me: Pick<Member, "id">,
  { members, leases }: Sharing,
): { readonly claim: readonly number[]; readonly release: readonly number[] } {
  const held = new Map(members.map(({ id }) => [id, 0]));
  const count = (id: string): number => held.get(id) ?? 0;
  const move = (id: string, by: number) => held.set(id, count(id) + by);
  const holders = new Map(leases.map(({ integration, holder }) => [integration, holder]));
  const all = [...new Set(members.flatMap(({ integrations }) => integrations))].toSorted((a, b) => a - b);
  const free: number[] = [];
  const mine: number[] = [];
  for (const integration of all) {
    const holder = holders.get(integration);
    if (holder === undefined || !held.has(holder)) free.push(integration);
    else move(holder, 1);
    if (holder === me.id) mine.push(integration);
  }
  /** Who holds least of those that can hold it. */
  const least = (integration: number, others: readonly Member[]): string | undefined =>
    others
      .filter(({ integrations }) => integrations.includes(integration))
      .toSorted((a, b) => count(a.id) - count(b.id) || (a.id < b.id ? -1 : 1))[0]?.id;
  const claim = free.filter((integration) => {
    const next = least(integration, members);
    if (next !== undefined) move(next, 1);
    return next === me.id;
  });
  const others = members.filter(({ id }) => id !== me.id);
  const release = mine.filter((integration) => {
    const next = least(integration, others);
    if (next === undefined || count(me.id) - count(next) < 2) return false;
    move(me.id, -1);
    move(next, 1);
    return true;
  });
  return { claim, release };
}
