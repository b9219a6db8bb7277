import { request as httpsRequest } from "node:https";
import type { ListenConfig } from "../config/config-schema.ts";
import { nodeHttp } from "../network/node-http.ts";
import { bindProblem } from "./bind-problem.ts";
import { checkTlsFiles } from "./check-tls-files.ts";
import { type Finding, findingsOf } from "./finding.ts";

const { ok, warning, problem } = findingsOf("listen");

/**
 * Whether what is pushed can be received: the address is free, or a forwarder answers there; the certificate is valid and of
 * the key. @param inUse whether a forwarder of this machine works on the state now @param now ms since 1970
 */
export async function checkListener(listen: ListenConfig, inUse: boolean, now: number): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  const { host, port, tls, operations } = listen;
  if (tls !== undefined) findings.push(...checkTlsFiles("listen", tls, now));
  const places = [
    { host, port, secure: tls !== undefined, healthz: operations === undefined },
    ...(operations === undefined ? [] : [{ ...operations, secure: false, healthz: true }]),
  ];
  for (const place of places) {
    const where = `${place.host}:${place.port}`;
    const taken = await bindProblem("tcp", place.host, place.port);
    if (taken === undefined)
      findings.push(
        inUse && place.port !== 0
          ? warning(
              "address",
              `a forwarder works on the state, and nothing listens on ${where}`,
              "Reload it (kill -HUP) where the configuration was changed, or look at its log.",
            )
          : ok("address", `${where} is free`),
      );
    else if (await answers(place)) findings.push(ok("address", `${where} answers: a forwarder listens`));
    else
      findings.push(
        problem(
          "address",
          `${where} cannot be listened on: ${taken}`,
          "Stop what has it, or choose another in listen.",
          "Nothing that is pushed is received.",
        ),
      );
  }
  return findings;
}

interface Place {
  readonly host: string;
  readonly port: number;
  readonly secure: boolean;
  /** Whether /healthz is there; elsewhere it is answered 404. */
  readonly healthz: boolean;
}

/** Whether a forwarder is there, as it answers /healthz. */
function answers({ host, port, secure, healthz }: Place): Promise<boolean> {
  const reached = host === "0.0.0.0" ? "127.0.0.1" : host === "::" ? "::1" : host;
  const options = { host: reached, port, path: "/healthz", timeout: 5000 };
  return new Promise((resolve) => {
    // Its own certificate need not be of that name.
    const out = secure ? httpsRequest({ ...options, rejectUnauthorized: false }) : nodeHttp.request(options);
    out.on("timeout", () => out.destroy());
    out.on("error", () => resolve(false));
    out.on("close", () => resolve(false));
    out.on("response", (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", () => resolve(false));
      response.on("end", () => {
        const body = Buffer.concat(chunks).toString("utf8");
        resolve(healthz ? response.statusCode === 200 && body === "ok\n" : response.statusCode === 404);
      });
    });
    out.end();
  });
}
