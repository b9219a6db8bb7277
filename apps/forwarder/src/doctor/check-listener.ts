import { createPrivateKey, X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import { createServer } from "node:net";
import type { ListenConfig } from "../config/config-schema.ts";
import { messageOf } from "../config/message-of.ts";
import { certificateFindings } from "./certificate-findings.ts";
import { type Finding, findingsOf } from "./finding.ts";

const { ok, warning, problem } = findingsOf("listen");

/**
 * Whether webhooks can be received: the address is free, or the forwarder that works on the state answers there; the
 * certificate is valid and of the key. @param inUse whether a forwarder works on the state now
 */
export async function checkListener(listen: ListenConfig, inUse: boolean, now: number): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  const { tls, operations } = listen;
  if (tls !== undefined) findings.push(...tlsFindings(tls, now));
  for (const [place, secure] of [
    [listen, tls !== undefined] as const,
    ...(operations === undefined ? [] : [[operations, false] as const]),
  ]) {
    const where = `${place.host}:${place.port}`;
    const taken = await listenProblem(place.host, place.port);
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
    else if (inUse && (await answers(place.host, place.port, secure, operations === undefined || place === operations)))
      findings.push(ok("address", `${where} answers: the forwarder listens`));
    else
      findings.push(
        problem(
          "address",
          `${where} cannot be listened on: ${taken}`,
          "Stop what has it, or choose another in listen.",
          "No webhook is received.",
        ),
      );
  }
  return findings;
}

function tlsFindings({ cert, key }: NonNullable<ListenConfig["tls"]>, now: number): readonly Finding[] {
  try {
    const certificate = new X509Certificate(readFileSync(cert));
    const findings = certificateFindings("listen", cert, certificate.validTo, now);
    if (certificate.checkPrivateKey(createPrivateKey(readFileSync(key)))) return findings;
    return [
      ...findings,
      problem("certificate", `${key} is not the key of ${cert}`, "Name the key that the certificate was made for."),
    ];
  } catch (error) {
    return [
      problem(
        "certificate",
        `${cert} and ${key} cannot be used: ${messageOf(error)}`,
        "Name a certificate and its key, both PEM.",
      ),
    ];
  }
}

/** Why an address cannot be listened on; undefined where it can. */
function listenProblem(host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", (error) => resolve(error.message));
    server.listen(port, host, () => server.close(() => resolve(undefined)));
  });
}

/** Whether a forwarder is there: its /healthz, or, where that has an address of its own, any answer. */
function answers(host: string, port: number, secure: boolean, healthz: boolean): Promise<boolean> {
  const reached = host === "0.0.0.0" ? "127.0.0.1" : host === "::" ? "::1" : host;
  const options = { host: reached, port, path: "/healthz", timeout: 5000 };
  return new Promise((resolve) => {
    // Its own certificate need not be of that name.
    const out = secure ? httpsRequest({ ...options, rejectUnauthorized: false }) : httpRequest(options);
    out.on("timeout", () => out.destroy());
    out.on("error", () => resolve(false));
    out.on("response", (response) => {
      response.resume();
      resolve(!healthz || response.statusCode === 200);
    });
    out.end();
  });
}
