import { createRequire } from "node:module";
import {
  getHostHeaderPlugin,
  getUserAgentPlugin,
  NODE_APP_ID_CONFIG_OPTIONS,
  resolveHostHeaderConfig,
  resolveUserAgentConfig,
} from "@aws-sdk/core/client";
import { AwsSdkSigV4Signer, resolveAwsSdkSigV4Config } from "@aws-sdk/core/httpAuthSchemes";
import { defaultProvider } from "@aws-sdk/credential-provider-node";
import {
  DefaultIdentityProviderConfig,
  getHttpAuthSchemeEndpointRuleSetPlugin,
  getHttpSigningPlugin,
} from "@smithy/core";
import { Sha256 } from "@smithy/core/checksum";
import { Client, Command, NoOpLogger } from "@smithy/core/client";
import {
  loadConfig,
  NODE_REGION_CONFIG_FILE_OPTIONS,
  NODE_REGION_CONFIG_OPTIONS,
  NODE_USE_DUALSTACK_ENDPOINT_CONFIG_OPTIONS,
  NODE_USE_FIPS_ENDPOINT_CONFIG_OPTIONS,
  resolveRegionConfig,
} from "@smithy/core/config";
import { getEndpointPlugin, resolveEndpointConfig } from "@smithy/core/endpoints";
import { getContentLengthPlugin, parseUrl } from "@smithy/core/protocols";
import { getRetryPlugin, NODE_MAX_ATTEMPT_CONFIG_OPTIONS, resolveRetryConfig } from "@smithy/core/retry";
import { calculateBodyLength, fromBase64, fromUtf8, getSerdePlugin, toBase64, toUtf8 } from "@smithy/core/serde";
import { NodeHttpHandler } from "@smithy/node-http-handler";
import type {
  HttpAuthScheme,
  HttpAuthSchemeProvider,
  HttpHandlerOptions,
  MetadataBearer,
  UserAgent,
} from "@smithy/types";
import type { CloudTrailDataClientConfig } from "./cloudtrail-data-client.ts";
import { baseUrl, dataPlaneUrl, type EndpointParameters } from "./endpoint.ts";
import type { PutAuditEventsCommand, PutAuditEventsCommandOutput } from "./put-audit-events-command.ts";
import { streamCollector } from "./stream-collector.ts";
import { fromHttpResponse, toHttpRequest } from "./wire.ts";

/** The middleware of AWS's clients around one operation. */
export interface Pipeline {
  send(command: PutAuditEventsCommand, abortSignal: AbortSignal | undefined): Promise<PutAuditEventsCommandOutput>;
  destroy(): void;
}

const serviceId = "CloudTrail Data";
const signingName = "cloudtrail-data";
const scheme = "aws.auth#sigv4";

const httpAuthSchemes: HttpAuthScheme[] = [
  {
    schemeId: scheme,
    identityProvider: (providers) => providers.getIdentityProvider(scheme),
    signer: new AwsSdkSigV4Signer(),
  },
];

interface AuthParameters {
  readonly operation: string;
  readonly region: string;
}

const httpAuthSchemeProvider: HttpAuthSchemeProvider<AuthParameters> = ({ region }) => [
  {
    schemeId: scheme,
    signingProperties: { name: signingName, region },
    propertiesExtractor: (config, context) => ({ signingProperties: { config, context } }),
  },
];

/** Builds the pipeline. No I/O happens before the first send. */
export function pipeline(options: CloudTrailDataClientConfig): Pipeline {
  const config = resolve(options);
  const client = new Client<HttpHandlerOptions, object, MetadataBearer, typeof config>(config);
  client.middlewareStack.use(getUserAgentPlugin(config));
  client.middlewareStack.use(getRetryPlugin(config));
  client.middlewareStack.use(getContentLengthPlugin(config));
  client.middlewareStack.use(getHostHeaderPlugin(config));
  client.middlewareStack.use(
    getHttpAuthSchemeEndpointRuleSetPlugin(config, {
      httpAuthSchemeParametersProvider: async () => ({ operation: "PutAuditEvents", region: await config.region() }),
      identityProviderConfigProvider: async () => new DefaultIdentityProviderConfig({ [scheme]: config.credentials }),
    }),
  );
  client.middlewareStack.use(getHttpSigningPlugin(config));
  const Operation = operation(config);
  return {
    send: async ({ input, body }, abortSignal) =>
      await client.send(new Operation({ input, body }), abortSignal === undefined ? {} : { abortSignal }),
    destroy: () => client.destroy(),
  };
}

type Call = Pick<PutAuditEventsCommand, "input" | "body">;

function operation(config: ReturnType<typeof resolve>) {
  return Command.classBuilder<Call, PutAuditEventsCommandOutput, typeof config>()
    .ep({
      UseFIPS: { type: "builtInParams", name: "useFipsEndpoint" },
      Endpoint: { type: "builtInParams", name: "endpoint" },
      Region: { type: "builtInParams", name: "region" },
      UseDualStack: { type: "builtInParams", name: "useDualstackEndpoint" },
    })
    .m((self: { getEndpointParameterInstructions(): Parameters<typeof getEndpointPlugin>[1] }) => [
      getSerdePlugin(
        config,
        async ({ input, body }: Call, context) => toHttpRequest(input, await context.endpoint(), body),
        fromHttpResponse,
      ),
      getEndpointPlugin(config, self.getEndpointParameterInstructions()),
    ])
    .s("CloudTrailData", "PutAuditEvents", {})
    .n("CloudTrailDataClient", "PutAuditEventsCommand")
    .f()
    .build();
}

function resolve(options: CloudTrailDataClientConfig) {
  const initial = {
    apiVersion: "2021-08-11",
    serviceId,
    runtime: "node",
    logger: new NoOpLogger(),
    base64Decoder: fromBase64,
    base64Encoder: toBase64,
    utf8Decoder: fromUtf8,
    utf8Encoder: toUtf8,
    bodyLengthChecker: calculateBodyLength,
    streamCollector,
    urlParser: parseUrl,
    sha256: Sha256,
    disableHostPrefix: false,
    defaultSigningName: signingName,
    cacheMiddleware: true,
    requestHandler: new NodeHttpHandler({
      connectionTimeout: 5_000,
      requestTimeout: 60_000,
      throwOnRequestTimeout: true,
      ...options.requestHandler,
    }),
    region: options.region ?? loadConfig(NODE_REGION_CONFIG_OPTIONS, NODE_REGION_CONFIG_FILE_OPTIONS),
    retryMode: "standard",
    maxAttempts: options.maxAttempts ?? loadConfig(NODE_MAX_ATTEMPT_CONFIG_OPTIONS),
    useDualstackEndpoint: options.useDualstackEndpoint ?? loadConfig(NODE_USE_DUALSTACK_ENDPOINT_CONFIG_OPTIONS),
    useFipsEndpoint: options.useFipsEndpoint ?? loadConfig(NODE_USE_FIPS_ENDPOINT_CONFIG_OPTIONS),
    ...(options.endpoint === undefined ? {} : { endpoint: baseUrl(options.endpoint).href }),
    endpointProvider: (parameters: EndpointParameters) => ({
      url: dataPlaneUrl(parameters),
      properties: {},
      headers: {},
    }),
    ...(options.credentials === undefined ? {} : { credentials: options.credentials }),
    // A file of credentials may have been rotated: what is asked for again is read again.
    credentialDefaultProvider: (init: Parameters<typeof defaultProvider>[0]) =>
      defaultProvider({ ...init, ignoreCache: true }),
    defaultUserAgentProvider: async () => userAgent,
    userAgentAppId: loadConfig(NODE_APP_ID_CONFIG_OPTIONS),
    ...(options.customUserAgent === undefined
      ? {}
      : {
          customUserAgent: options.customUserAgent.map(([name, release]): [string, string?] =>
            release === undefined ? [name] : [name, release],
          ),
        }),
    httpAuthSchemes,
    httpAuthSchemeProvider,
  };
  return resolveAwsSdkSigV4Config(
    resolveEndpointConfig(
      resolveHostHeaderConfig(resolveRegionConfig(resolveRetryConfig(resolveUserAgentConfig(initial)))),
    ),
  );
}

/** Says what this is: not AWS's own SDK. */
const userAgent: UserAgent = [
  ["tributary-client", version()],
  ["ua", "2.1"],
  ["lang/js"],
  ["md/nodejs", process.versions.node],
];

/** This package's version. */
function version(): string {
  const manifest: unknown = createRequire(import.meta.url)("../package.json");
  return typeof manifest === "object" && manifest !== null && "version" in manifest ? String(manifest.version) : "0";
}
