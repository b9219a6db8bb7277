import { textAt } from "@tributary/adapter-kit";

/** The type of a replicated event, without the prefix it is given there. */
export function replicatedType(record: unknown): string | undefined {
  const name = [textAt(record, "ExternalApiType"), textAt(record, "event_simpleName")].find((type) =>
    type?.startsWith("Event_"),
  );
  return name?.slice("Event_".length);
}
