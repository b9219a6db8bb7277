import type { Json, JsonObject } from "@tributary/adapter-kit";

/** More parameters, or a name of more parts, are no call of the Admin API. */
const most = 1000;
const deepest = 16;

/**
 * A form (`name=x&config.client_secret=y`) as the Admin API reads it: dots nest, a name that comes several times is an array.
 * So that secrets in it are masked by their names as those of JSON are. Undefined for a text that is no form.
 */
export function readForm(text: string): JsonObject | undefined {
  const pieces = text.split("&", most + 1);
  if (pieces.length > most || !pieces.every((piece) => /^[^\s=]+=\S*$/.test(piece))) return undefined;
  const parameters = [...new URLSearchParams(text)].map(([name, value]) => ({ path: name.split("."), value }));
  return parameters.some(({ path }) => path.length > deepest) ? undefined : nested(parameters);
}

interface Parameter {
  readonly path: readonly string[];
  readonly value: string;
}

/** Undefined where a name is both a value and an object. */
function nested(parameters: readonly Parameter[]): JsonObject | undefined {
  const groups = new Map<string, Parameter[]>();
  for (const { path, value } of parameters) {
    const [first = "", ...rest] = path;
    const group = groups.get(first) ?? [];
    groups.set(first, group);
    group.push({ path: rest, value });
  }
  const members: [string, Json][] = [];
  for (const [name, group] of groups) {
    const values = group.filter(({ path }) => path.length === 0).map(({ value }) => value);
    const below = values.length === 0 ? nested(group) : undefined;
    if (values.length > 0 && values.length < group.length) return undefined;
    if (values.length === 0 && below === undefined) return undefined;
    members.push([name, below ?? (values.length === 1 ? values[0]! : values)]);
  }
  return Object.fromEntries(members);
}
