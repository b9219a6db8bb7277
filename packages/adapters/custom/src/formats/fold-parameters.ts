import { isArray, isObject } from "@tributary/adapter-kit";
import type { Json, JsonObject } from "@tributary/adapter-kit";

/** The members of a parameter that can hold its value; a parameter has one of them. */
const values: ReadonlySet<string> = new Set([
  "value",
  "intValue",
  "boolValue",
  "multiValue",
  "multiIntValue",
  "multiBoolValue",
  "messageValue",
  "multiMessageValue",
]);

/**
 * `[{name, value}, {name, multiMessageValue: [{parameter: [...]}]}]` of the Reports API as an object by names, messages
 * too; a name that comes twice has a list. What is no list of named parameters stays as it is.
 */
export function foldParameters(parameters: Json): Json {
  if (!isArray(parameters) || parameters.length === 0) return parameters;
  const byName = new Map<string, Json[]>();
  for (const parameter of parameters) {
    const name = isObject(parameter) ? parameter["name"] : undefined;
    if (typeof name !== "string" || !isObject(parameter)) return parameters;
    const found = byName.get(name);
    if (found === undefined) byName.set(name, [valueOf(parameter)]);
    else found.push(valueOf(parameter));
  }
  return Object.fromEntries([...byName].map(([name, found]) => [name, found.length === 1 ? found[0]! : found]));
}

function valueOf({ name: _name, ...others }: JsonObject): Json {
  const members = Object.entries(others);
  const [first] = members;
  if (first === undefined) return null;
  // With more than one member beside the name nothing says which of them is the value.
  return members.length === 1 && values.has(first[0]) ? unwrapped(first[1]) : others;
}

/** A message is an object whose one member `parameter` holds more parameters. */
function unwrapped(value: Json): Json {
  if (isArray(value)) return value.map(unwrapped);
  if (!isObject(value)) return value;
  const { parameter, ...others } = value;
  return isArray(parameter) && Object.keys(others).length === 0 ? foldParameters(parameter) : value;
}
