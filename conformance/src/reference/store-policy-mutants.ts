import { type EventDataStorePolicy, parseEventDataStorePolicy } from "@tributary/policy";
import { inPolicy, type Mutant } from "./mutant.ts";

type Parse = (text: string, storeArn: string) => EventDataStorePolicy;

/** Reads a store's policy after its text was changed, as long as it came: what the change mends is taken. */
const mended =
  (...changes: readonly (readonly [from: RegExp, to: string])[]): Parse =>
  (text, arn) => {
    const changed = changes.reduce((found, [from, to]) => found.replaceAll(from, to.replaceAll("ARN", arn)), text);
    return parseEventDataStorePolicy(changed.padEnd(text.length), arn);
  };

/** Refuses a store's policy that is as this. */
const not =
  (refused: RegExp): Parse =>
  (text, arn) => {
    if (refused.test(text)) throw new Error("The policy is not valid");
    return parseEventDataStorePolicy(text, arn);
  };

const start = '"Action":"cloudtrail:StartQuery"';

/** Lakes that misread a policy of an event data store. */
export const storePolicyMutants: readonly Mutant[] = [
  inPolicy("knows policies of channels alone", ["policy/store/"], { types: ["channel"] }),
  inPolicy("takes one action a statement of a store", ["policy/store/actions-of"], { parseStore: not(/"Action":\[/) }),
  inPolicy("knows five actions of a store", ["policy/store/actions-of"], { parseStore: not(/cloudtrail:Generate/) }),
  inPolicy("takes any action of a store", ["policy/store/other-actions", "policy/store/no-wildcards"], {
    parseStore: mended([/"Action":("[^"]*"|\[[^\]]*\])/g, start]),
  }),
  inPolicy("lets a store's policy grant events", ["policy/store/other-actions"], {
    parseStore: mended([/"Action":"cloudtrail-data:PutAuditEvents"/g, start]),
  }),
  inPolicy("overlooks actions that it does not know, in a list", ["policy/store/other-actions"], {
    parseStore: mended([/,"cloudtrail:UpdateEventDataStore"\]/g, "]"]),
  }),
  inPolicy("takes wildcards in a store's actions", ["policy/store/no-wildcards"], {
    parseStore: mended([/"Action":"[^"]*\*"/g, start]),
  }),
  inPolicy("takes everybody for a principal of a store", ["policy/store/no-wildcards"], {
    parseStore: mended([/"Principal":"\*"/g, '"Principal":{"AWS":"123456789012"}']),
  }),
  inPolicy("takes any resource of a store's policy", ["policy/store/resource-is", "policy/store/no-wildcards"], {
    parseStore: mended([/"Resource":("[^"]*"|\[[^\]]*\])/g, '"Resource":"ARN"']),
  }),
  inPolicy("takes no list of a store's resource", ["policy/store/resource-is"], { parseStore: not(/"Resource":\[/) }),
  inPolicy("takes store policies of any length", ["policy/store/limits"], {
    parseStore: (text, arn) => parseEventDataStorePolicy(text.trim(), arn),
  }),
  inPolicy("takes 19 statements of a store at most", ["policy/store/limits"], { parseStore: not(/"Sid":"S19"/) }),
  inPolicy("takes 21 statements of a store", ["policy/store/limits"], {
    parseStore: mended([/,\{[^{}]*\{[^{}]*\}[^{}]*"Sid":"S20"[^{}]*\}/g, ""]),
  }),
  inPolicy("takes 49 principals of a store at most", ["policy/store/limits"], { parseStore: not(/"100000000049"/) }),
  inPolicy("takes 51 principals of a store", ["policy/store/limits"], {
    parseStore: mended([/,"100000000050"/g, ""]),
  }),
  inPolicy("knows no dashboards", ["policy/store/service-of"], { parseStore: not(/"Service"/) }),
  inPolicy("knows no conditions of a store", ["policy/store/service-of"], { parseStore: not(/"Condition"/) }),
  inPolicy("takes any service for a principal of a store", ["policy/store/other-services"], {
    parseStore: mended([/"Principal":\{"(Service|Federated)":"[^"]*"\}/g, '"Principal":{"AWS":"123456789012"}']),
  }),
];
