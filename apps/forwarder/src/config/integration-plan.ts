import type { Adapter, Json, Poll, Secret, Webhook } from "@tributary/adapter-kit";
import type { DestinationPlan } from "./destination-plan.ts";
import type { SyslogRule } from "../syslog/syslog-rule.ts";

/** One integration of a configuration, with everything loaded, checked and resolved: ready to run. */
export interface IntegrationPlan {
  readonly name: string;
  readonly adapter: Adapter;
  /** Its events are checked by our own kit already. */
  readonly builtIn: boolean;
  /** Of the mapping. */
  readonly options: Json | undefined;
  /** One or more; every record goes to each. */
  readonly destinations: readonly DestinationPlan[];
  readonly poll: { readonly poll: Poll; readonly options: unknown; readonly exclusive: string } | undefined;
  readonly webhook: { readonly webhook: Webhook; readonly options: unknown; readonly path: string } | undefined;
  readonly files:
    | {
        /** Absolute, as those of `exclude`. */
        readonly paths: readonly string[];
        readonly exclude: readonly string[];
        readonly format: string | undefined;
        readonly since: "start" | "end";
        readonly quietSeconds: number;
      }
    | undefined;
  readonly syslog:
    | {
        readonly rule: SyslogRule;
        readonly format: string;
        /** The format is of what stands behind the syslog header. */
        readonly payloadOnly: boolean;
      }
    | undefined;
  readonly bulk:
    | {
        /** Of the addresses that clients are given; without a slash at its end. */
        readonly path: string;
        readonly format: string;
        /** JSON pointer to the record's text in a document; undefined: the document is the record. */
        readonly record: string | undefined;
        /** What an Authorization header may say: the scheme in lower case, a blank, and the rest. */
        readonly authorizations: readonly Secret[];
      }
    | undefined;
  readonly s3:
    | {
        /** Given where `queue` is not. */
        readonly bucket: string | undefined;
        readonly prefix: string;
        readonly queue: string | undefined;
        readonly format: string | undefined;
        readonly region: string;
        readonly endpoint: string | undefined;
        readonly profile: string | undefined;
        /** ms since 1970. */
        readonly since: number;
        readonly pollSeconds: number;
      }
    | undefined;
  /** RFC 3339; undefined: the first start. */
  readonly since: string | undefined;
  readonly allowPrivate: readonly string[];
  readonly onlyKnownNames: boolean;
  /** Equal for equal plans, resolved secrets included; it stays in memory. */
  readonly fingerprint: string;
}
