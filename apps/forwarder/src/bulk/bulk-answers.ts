import type { HttpAnswer } from "../daemon/http-answer.ts";
import type { BulkAction } from "./parse-bulk.ts";

/** Clients of Elasticsearch 8 speak to a server that says this of itself, and to no other. */
const headers = { "content-type": "application/json", "x-elastic-product": "Elasticsearch" };
/** The API whose bulk requests are understood. */
const version = "8.19.0";

export function jsonAnswer(status: number, body: unknown, more: Readonly<Record<string, string>> = {}): HttpAnswer {
  return { status, headers: { ...headers, ...more }, body: `${JSON.stringify(body)}\n` };
}

/** A request that is refused as a whole, in Elasticsearch's form. */
export function errorAnswer(
  status: number,
  type: string,
  reason: string,
  more: Readonly<Record<string, string>> = {},
): HttpAnswer {
  const error = { type, reason };
  return jsonAnswer(status, { error: { root_cause: [error], ...error }, status }, more);
}

/** What clients look at before they send: version, health, licence. Undefined for a path that is none of these. */
export function probeAnswer(path: string, uuid: string): HttpAnswer | undefined {
  if (path === "/")
    return jsonAnswer(200, {
      name: "tributary",
      cluster_name: "tributary",
      cluster_uuid: uuid,
      version: {
        number: version,
        build_flavor: "default",
        build_type: "tar",
        build_hash: "unknown",
        build_date: "2025-01-01T00:00:00.000Z",
        build_snapshot: false,
        lucene_version: "9.12.0",
        minimum_wire_compatibility_version: "7.17.0",
        minimum_index_compatibility_version: "7.0.0",
      },
      tagline: "You Know, for Search",
    });
  if (path === "/_cluster/health" || path === "/_cat/health")
    return jsonAnswer(200, { cluster_name: "tributary", status: "green", timed_out: false, number_of_nodes: 1 });
  if (path === "/_license" || path === "/_xpack")
    return jsonAnswer(200, { license: { status: "active", uid: uuid, type: "basic", mode: "basic" } });
  return undefined;
}

/** Per action, in its order: 201 for what is committed, 400 for what is not taken. */
export function bulkAnswer(actions: readonly BulkAction[], idOf: (at: number) => string, tookMs: number): HttpAnswer {
  const items = actions.map(({ action, index, id, refused }, at) => {
    const named = { _index: index, _id: id ?? idOf(at) };
    if (refused !== undefined) return { [action]: { ...named, status: 400, error: refused } };
    const shards = { total: 1, successful: 1, failed: 0 };
    const done = { _version: 1, result: "created", _shards: shards, _seq_no: at, _primary_term: 1, status: 201 };
    return { [action]: { ...named, ...done } };
  });
  return jsonAnswer(200, { errors: actions.some(({ refused }) => refused !== undefined), took: tookMs, items });
}
