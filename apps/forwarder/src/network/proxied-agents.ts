import type { Agent as HttpAgent, AgentOptions } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import * as tls from "node:tls";
import { TributaryError } from "@tributary/schema";
import { nodeHttp } from "./node-http.ts";

/** Connections to channels and vendors. */
export interface ProxiedAgents {
  readonly httpAgent: HttpAgent;
  readonly httpsAgent: HttpsAgent;
  /** Whether the environment names a proxy. */
  readonly usesProxy: boolean;
}

export interface ProxiedAgentOptions {
  /** PEM of certificates that are trusted beside those of the system. */
  readonly ca?: string | undefined;
  /** Of `HTTPS_PROXY`, `HTTP_PROXY`, `NO_PROXY`, in capitals or not. */
  readonly env: NodeJS.ProcessEnv;
}

/** This machine is never asked through a proxy. */
const loopback = ["localhost", "127.0.0.0-127.255.255.255", "::1"];

/**
 * Agents that keep connections, through the proxy of the environment where it names one. Throws `PROXY_INVALID` for a proxy that
 * is no URL, and for a Node that cannot speak to one: going around it silently might go where nobody may.
 */
export function proxiedAgents({ ca, env }: ProxiedAgentOptions): ProxiedAgents {
  const proxyEnv = proxiesOf(env);
  const options: AgentOptions = { keepAlive: true, ...(proxyEnv === undefined ? {} : { proxyEnv }) };
  return {
    httpAgent: new nodeHttp.Agent(options),
    httpsAgent: new HttpsAgent({
      ...options,
      ...(ca === undefined ? {} : { ca: [...tls.getCACertificates("default"), ca] }),
    }),
    usesProxy: proxyEnv !== undefined,
  };
}

function proxiesOf(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv | undefined {
  const of = (name: string) => env[name.toLowerCase()] ?? env[name] ?? "";
  const proxies: Record<string, string> = {};
  for (const name of ["HTTP_PROXY", "HTTPS_PROXY"]) {
    const value = of(name);
    if (value === "") continue;
    const url = URL.parse(value);
    // Its value may hold a password: it is not shown.
    if (url === null || !/^https?:$/.test(url.protocol))
      throw new TributaryError(`${name} is not an http: or https: URL. Write it as http://proxy.example.com:3128.`, {
        code: "PROXY_INVALID",
      });
    proxies[name] = value;
  }
  if (Object.keys(proxies).length === 0) return undefined;
  if (!nodeSpeaksToProxies(process.versions.node))
    throw new TributaryError(
      `${Object.keys(proxies).join(" and ")} is set, and Node ${process.versions.node} cannot use it: take Node 22.21, 24.5 or later, or unset it.`,
      { code: "PROXY_INVALID" },
    );
  return { ...proxies, NO_PROXY: [of("NO_PROXY"), ...loopback].filter((one) => one !== "").join(",") };
}

/** Whether `http.Agent` knows `proxyEnv`. */
function nodeSpeaksToProxies(version: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major > 24 || (major === 24 && minor >= 5) || (major === 22 && minor >= 21);
}
