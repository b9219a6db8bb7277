import type { Json } from "@tributary/adapter-kit";

/** A call of the REST API, as its audit row tells: `[403, "POST", "/api/v2/...", "trid=..."]`. */
export interface RestCall {
  readonly status: number;
  readonly method: string;
  readonly path: string;
}

/** The call that the values of an audit row tell of; undefined where they tell of something else. */
export function restCall(values: readonly Json[]): RestCall | undefined {
  const [first, method, path] = values;
  const status = Number(first);
  const isCall =
    Number.isInteger(status) &&
    status >= 100 &&
    status < 600 &&
    typeof method === "string" &&
    /^[A-Z]{3,10}$/.test(method) &&
    typeof path === "string" &&
    path.startsWith("/");
  return isCall ? { status, method, path } : undefined;
}
