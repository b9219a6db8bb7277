import { isSecret } from "@tributary/adapter-kit/poll";
import { TributaryError } from "@tributary/schema";
import type { IntegrationPlan } from "../config/integration-plan.ts";
import { messageOf } from "../config/message-of.ts";
import { vendorNetwork } from "../network/vendor-network.ts";
import { type Finding, findingsOf } from "./finding.ts";

/**
 * Whether the addresses of a poller's options resolve, are allowed, and speak TLS: one HEAD of each, without the secret, by the
 * rules of pollers.
 */
export async function checkPoller(plan: IntegrationPlan, env: NodeJS.ProcessEnv): Promise<readonly Finding[]> {
  const { name, poll, allowPrivate, onlyKnownNames } = plan;
  if (poll === undefined) return [];
  const { ok, problem, notKnown } = findingsOf(name);
  const origins = [...new Set(addressesIn(poll.options))];
  if (origins.length === 0) return [notKnown("vendor", "the poller's options name no address that could be asked")];
  const network = vendorNetwork({ allowPrivate, onlyKnownNames, env, connectMs: 5000, headersMs: 10_000 });
  const findings: Finding[] = [];
  try {
    for (const origin of origins)
      try {
        const response = await network.send(new Request(origin, { method: "HEAD" }));
        await response.body?.cancel();
        findings.push(
          ok("vendor", `${origin} is allowed and answers (status ${response.status}, asked without the secret)`),
        );
      } catch (error) {
        const forbidden = error instanceof TributaryError && error.code === "ADDRESS_FORBIDDEN";
        findings.push(
          problem(
            "vendor",
            forbidden ? messageOf(error) : `${origin}: ${messageOf(error)}`,
            forbidden
              ? "Where this host of yours is meant, name it in allowPrivate; else mend the address."
              : "Check the address in poll, DNS and the network.",
            "The poller reads nothing.",
          ),
        );
      }
  } finally {
    network.close();
  }
  return findings;
}

/** The origins of http and https addresses anywhere in options. */
function addressesIn(value: unknown): readonly string[] {
  if (typeof value === "string") {
    const url = /^https?:\/\//.test(value) ? URL.parse(value) : null;
    return url === null ? [] : [url.origin];
  }
  if (typeof value !== "object" || value === null || isSecret(value)) return [];
  return Object.values(value).flatMap(addressesIn);
}
