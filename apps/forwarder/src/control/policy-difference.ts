/**
 * How a channel's policy differs from another, one line a difference; empty where they say the same, however it is written:
 * order, lists of one, account ids in place of their root's ARN, Sids and blanks do not count.
 */
export function policyDifference(is: string | undefined, shall: string | undefined): readonly string[] {
  if (is === undefined && shall === undefined) return [];
  if (is === undefined) return ["policy: none -> one"];
  if (shall === undefined) return ["policy: one -> none, so that only the owner's account can send"];
  const [before, after] = [grants(is), grants(shall)];
  if (before === undefined || after === undefined) return ["policy: it is not one that can be read -> replaced"];
  if (before.key === after.key) return [];
  if (before.simple === undefined || after.simple === undefined) return ["policy: written otherwise -> replaced"];
  const lines: string[] = [];
  const [a, b] = [new Set(before.simple.principals), new Set(after.simple.principals)];
  for (const one of b) if (!a.has(one)) lines.push(`policy: + ${one}`);
  for (const one of a) if (!b.has(one)) lines.push(`policy: - ${one}`);
  if (before.simple.rest !== after.simple.rest) lines.push(`policy: ${before.simple.told} -> ${after.simple.told}`);
  return lines.length > 0 ? lines : ["policy: written otherwise -> replaced"];
}

interface Grants {
  /** Equal for policies that say the same. */
  readonly key: string;
  /** Of a policy whose statements differ in their principals alone. */
  readonly simple: { readonly principals: readonly string[]; readonly rest: string; readonly told: string } | undefined;
}

function grants(text: string): Grants | undefined {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isRecord(document)) return undefined;
  const byRest = new Map<string, { readonly principals: Set<string>; readonly told: string }>();
  for (const statement of list(document["Statement"])) {
    if (!isRecord(statement)) return undefined;
    const { Sid: _sid, Principal: principal, ...others } = statement;
    const aws = isRecord(principal) && Object.keys(principal).join() === "AWS" ? list(principal["AWS"]) : [principal];
    const rest = canonical({
      ...others,
      Action: list(others["Action"]),
      Resource: list(others["Resource"]),
      Condition: others["Condition"] ?? {},
    });
    const group = byRest.get(rest) ?? { principals: new Set<string>(), told: told(statement) };
    for (const one of aws) group.principals.add(typeof one === "string" ? asArn(one, statement) : canonical(one));
    byRest.set(rest, group);
  }
  const groups = [...byRest].map(([rest, { principals, told: words }]) => ({
    rest,
    told: words,
    principals: [...principals].toSorted(),
  }));
  const key = groups.map(({ rest, principals }) => `${rest} ${principals.join()}`).toSorted();
  return { key: canonical([document["Version"], key]), simple: groups.length === 1 ? groups[0] : undefined };
}

/** What a statement asks for besides who calls, in words. */
function told(statement: Readonly<Record<string, unknown>>): string {
  const condition = statement["Condition"];
  if (condition === undefined) return "no external id";
  const equals = isRecord(condition) && Object.keys(condition).join() === "StringEquals" && condition["StringEquals"];
  const id = isRecord(equals) && Object.keys(equals).length === 1 ? equals["cloudtrail:ExternalId"] : undefined;
  return typeof id === "string" ? `external id ${id}` : "other conditions";
}

function asArn(principal: string, statement: Readonly<Record<string, unknown>>): string {
  if (!/^\d{12}$/.test(principal)) return principal;
  const [resource] = list(statement["Resource"]);
  const partition = typeof resource === "string" ? resource.split(":")[1] : undefined;
  return `arn:${partition ?? "aws"}:iam::${principal}:root`;
}

/** JSON with members and values of conditions in one order. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).toSorted().join()}]`;
  if (!isRecord(value)) return JSON.stringify(value) ?? "null";
  const members = Object.entries(value)
    .map(
      ([key, member]) =>
        `${JSON.stringify(key)}:${canonical(Array.isArray(member) && member.length === 1 ? member[0] : member)}`,
    )
    .toSorted();
  return `{${members.join()}}`;
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : value === undefined ? [] : [value];
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
