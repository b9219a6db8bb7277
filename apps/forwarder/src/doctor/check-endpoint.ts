import type { ClientRequest, IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import { type PeerCertificate, TLSSocket } from "node:tls";
import { messageOf } from "../config/message-of.ts";
import { nodeHttp } from "../network/node-http.ts";
import { proxiedAgents } from "../network/proxied-agents.ts";
import { certificateFindings } from "./certificate-findings.ts";
import { type Finding, findingsOf } from "./finding.ts";

export interface EndpointProbe {
  readonly subject: string;
  /** Where deliveries go. */
  readonly url: URL;
  /** PEM. */
  readonly ca: string | undefined;
  readonly env: NodeJS.ProcessEnv;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

const patienceMs = 10_000;
/** Beyond it a person should look; beyond five minutes the proofs of webhooks are refused. */
const skewed = 30_000;
const farSkewed = 300_000;

interface Answered {
  readonly status: number;
  readonly date: string | undefined;
  readonly from: string;
  readonly certificate: PeerCertificate | undefined;
  /** Halfway between question and answer. */
  readonly at: number;
}

/** Asks the endpoint for `/`, unsigned, as deliveries would travel: name, connection, TLS, proxy, and the clock by its Date. */
export async function checkEndpoint(probe: EndpointProbe): Promise<readonly Finding[]> {
  const { subject, url, now } = probe;
  const { ok, problem } = findingsOf(subject);
  let answer: Answered;
  try {
    answer = await ask(probe);
  } catch (error) {
    const [what, fix] = reasonOf(error);
    return [
      problem("endpoint", `${url.origin}: ${what} (${messageOf(error)})`, fix, "Records queue until it is reached."),
    ];
  }
  const { status, from, certificate } = answer;
  return [
    ok("endpoint", `${url.origin} answers (status ${status}, ${from})`),
    ...(certificate === undefined ? [] : certificateFindings(subject, url.host, certificate.valid_to, now())),
    clockFinding(answer, probe),
  ];
}

function clockFinding({ date, at }: Answered, { subject, url }: EndpointProbe): Finding {
  const { ok, warning, problem, notKnown } = findingsOf(subject);
  const server = date === undefined ? Number.NaN : Date.parse(date);
  if (Number.isNaN(server)) return notKnown("clock", `${url.host} tells no time`);
  // The header has whole seconds.
  const skew = at - (server + 500);
  const words = `this machine is ${(Math.abs(skew) / 1000).toFixed(0)} s ${skew > 0 ? "ahead of" : "behind"} ${url.host}`;
  const fix = "Have the clock set by NTP: timedatectl set-ntp true";
  const means =
    "Requests are signed with the server's time, but ages, deadlines and the proofs of webhooks go by this clock.";
  if (Math.abs(skew) > farSkewed) return problem("clock", words, fix, means);
  if (Math.abs(skew) > skewed) return warning("clock", words, fix, means);
  return ok("clock", `within ${Math.max(1, Math.ceil(Math.abs(skew) / 1000))} s of ${url.host}`);
}

async function ask({ url, ca, env, now }: EndpointProbe): Promise<Answered> {
  const agents = proxiedAgents({ ca, env });
  const secure = url.protocol === "https:";
  const started = now();
  try {
    return await new Promise<Answered>((resolve, reject) => {
      const out: ClientRequest = secure
        ? httpsRequest(url, { agent: agents.httpsAgent })
        : nodeHttp.request(url, { agent: agents.httpAgent });
      const timer = setTimeout(() => out.destroy(new Error(`no answer within ${patienceMs} ms`)), patienceMs);
      out.on("close", () => clearTimeout(timer));
      out.on("error", reject);
      out.on("response", (response: IncomingMessage) => {
        const { socket, statusCode = 0, headers } = response;
        const certificate = socket instanceof TLSSocket ? socket.getPeerCertificate() : undefined;
        resolve({
          status: statusCode,
          date: headers.date,
          from: `${socket.remoteAddress ?? "unknown address"}${secure ? ", TLS" : ""}`,
          certificate,
          at: (started + now()) / 2,
        });
        response.destroy();
      });
      out.end();
    });
  } finally {
    agents.httpAgent.destroy();
    agents.httpsAgent.destroy();
  }
}

/** What a failure of the network means, and what to do. */
function reasonOf(error: unknown): readonly [what: string, fix: string] {
  const cause = error instanceof AggregateError ? (error.errors[0] as unknown) : error;
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  if (/^(ENOTFOUND|EAI_)/.test(code))
    return ["the name does not resolve", "Check the endpoint's name, the region and DNS."];
  if (code === "ECONNREFUSED") return ["nothing listens there", "Start the server, or check the port."];
  if (/^(ETIMEDOUT|EHOSTUNREACH|ENETUNREACH)$/.test(code))
    return ["it is not reached", "Check routes, firewalls and HTTPS_PROXY."];
  if (/CERT|SELF_SIGNED|UNABLE_TO_|ALTNAME/.test(code))
    return ["its certificate is not trusted", "For a server of your own, name its authority in channel.ca."];
  if (/SSL|TLS|EPROTO/.test(code))
    return ["TLS fails", "Check that the port speaks TLS, or write http: for one that does not."];
  if (code === "PROXY_INVALID") return ["the proxy is wrong", "Mend HTTPS_PROXY."];
  return ["no answer", "Check the endpoint and the network."];
}
