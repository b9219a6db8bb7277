import type { Sender } from "../../src/delivery/sender.ts";

/** An unsigned stand-in for the client. */
export function plainSender(endpoint: string, timeoutMs = 60_000): Sender {
  return {
    async send({ channelArn, externalId, auditEvents }) {
      const url = new URL("/PutAuditEvents", endpoint);
      url.searchParams.set("channelArn", channelArn);
      if (externalId !== undefined) url.searchParams.set("externalId", externalId);
      const response = await fetch(url, { method: "POST", body: JSON.stringify({ auditEvents }), headers: { "content-type": "application/json" }, signal: AbortSignal.timeout(timeoutMs) });
      const text = await response.text();
      const headers = Object.fromEntries(response.headers);
      const fail = (name: string, message: string) => Object.assign(new Error(message), { name, $metadata: { httpStatusCode: response.status }, $response: { headers } });
      let body: any;
      try {
        body = JSON.parse(text);
      } catch {
        throw fail(headers["x-amzn-errortype"] ?? "SyntaxError", text.slice(0, 80));
      }
      if (response.status !== 200) throw fail(headers["x-amzn-errortype"] ?? body.__type ?? "UnknownError", body.message);
      return { successful: body.successful, failed: body.failed, requestId: headers["x-amzn-requestid"] };
    },
    close() {},
  };
}
