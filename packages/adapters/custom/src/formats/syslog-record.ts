import { compact } from "@tributary/adapter-kit";
import type { Json, JsonObject } from "@tributary/adapter-kit";
import type { StructuredElement, Syslog } from "@tributary/adapter-kit/readers";

/** A syslog header as a record has it: what the source left out is absent. */
export function syslogRecord(header: Syslog): JsonObject {
  const { form, facility, severity, time, host, app, procId, msgId, structuredData, message } = header;
  return {
    form,
    ...compact({ facility, severity, time, host, app, procId, msgId }),
    ...(structuredData.length === 0 ? {} : { structuredData: byId(structuredData) }),
    ...(message === "" ? {} : { message }),
  };
}

/** `[id a="1" b="2"]` as `{id: {a: "1", b: "2"}}`; ids and names that come twice have a list. */
function byId(elements: readonly StructuredElement[]): JsonObject {
  return grouped(
    elements.map(({ id, parameters }) => [id, grouped(parameters.map(({ name, value }) => [name, value]))]),
  );
}

/** An object of names, with a list for a name that comes more than once. */
export function grouped(entries: readonly (readonly [string, Json])[]): JsonObject {
  const byName = new Map<string, Json[]>();
  for (const [name, value] of entries) {
    const values = byName.get(name);
    if (values === undefined) byName.set(name, [value]);
    else values.push(value);
  }
  return Object.fromEntries([...byName].map(([name, values]) => [name, values.length === 1 ? values[0]! : values]));
}
