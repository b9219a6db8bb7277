import { textAt, valueAt } from "@tributary/adapter-kit";

const eventMembers = ["event_simpleName", "metadata", "ExternalApiType"];

/** A line of the replicator's inventory files (hosts, assets, users, applications, scores): recognised by `cid`, no event. */
export function isInventory(record: unknown): boolean {
  return textAt(record, "cid") !== undefined && !eventMembers.some((member) => valueAt(record, member) !== undefined);
}
