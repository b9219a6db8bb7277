import type { SqlValue } from "./state-database.ts";

/** Which dead letters are meant; members that are left out choose all. */
export interface LetterFilter {
  /** Name of an integration; empty for those of `tributary forward`. */
  readonly integration?: string | undefined;
  /** Name of one of its destinations. */
  readonly destination?: string | undefined;
  readonly channelArn?: string | undefined;
  /** A reason's code. */
  readonly reason?: string | undefined;
  /** When it died, ms since 1970: at or after. Letters of a state before version 4 do not know it, and are never meant. */
  readonly since?: number | undefined;
  /** Before. */
  readonly until?: number | undefined;
  readonly ids?: readonly number[] | undefined;
}

/** The filter as a condition on `exception e JOIN integration i`, and its values. */
export function letterCondition(filter: LetterFilter): { readonly sql: string; readonly values: readonly SqlValue[] } {
  const { integration, destination, channelArn, reason, since, until, ids } = filter;
  const parts: [sql: string, ...values: SqlValue[]][] = [["e.kind = 'dead'"]];
  if (integration !== undefined) parts.push(["i.name = ?", integration]);
  if (destination !== undefined) parts.push(["i.destination = ?", destination]);
  if (channelArn !== undefined) parts.push(["i.channel = ?", channelArn]);
  if (reason !== undefined) parts.push(["e.code = ?", reason]);
  if (since !== undefined) parts.push(["e.at >= ?", since]);
  if (until !== undefined) parts.push(["e.at < ?", until]);
  if (ids !== undefined) parts.push([`e.id IN (${ids.length === 0 ? "NULL" : ids.map(() => "?").join(", ")})`, ...ids]);
  return { sql: parts.map(([sql]) => sql).join(" AND "), values: parts.flatMap(([, ...values]) => values) };
}
