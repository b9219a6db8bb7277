import { PolicyInvalid, parseChannelPolicy } from "@tributary/policy";
import { codePoints, findSource, limits, parseCloudTrailArn, sources } from "@tributary/schema";
import { shown } from "../config/schema-findings.ts";
import type { Finding, Path } from "../config/yaml-source.ts";
import { channelPolicyText } from "./channel-policy-text.ts";
import { type DeclaredIntegration, type DeclaredSet, setTag } from "./declared-schema.ts";

/** As long as a channel's ARN gets: the policy holds it in each statement. */
const longestChannel =
  "arn:aws-us-gov:cloudtrail:ap-northeast-1:000000000000:channel/00000000-0000-0000-0000-000000000000";

/**
 * What of a declared set AWS would refuse, or what its console demands and it lacks. Spec 3.1, 3.6, 4.
 * @param isLake a lake may have sources of its own, and several channels of one
 */
export function declaredFindings(set: DeclaredSet, isLake: boolean): readonly Finding[] {
  const findings: Finding[] = [];
  const names = (list: readonly { readonly name: string }[], member: string): void => {
    const seen = new Set<string>();
    for (const [index, { name }] of list.entries()) {
      if (seen.has(name))
        findings.push({
          path: [member, index, "name"],
          message: `${shown(name)} is there twice`,
          fix: "give each its own name",
        });
      seen.add(name);
    }
  };
  names(set.eventDataStores, "eventDataStores");
  names(set.integrations, "integrations");
  for (const [index, store] of set.eventDataStores.entries())
    findings.push(...tagFindings(store.tags, ["eventDataStores", index, "tags"]));
  const bySource = new Map<string, string>();
  for (const [index, integration] of set.integrations.entries()) {
    const at: Path = ["integrations", index];
    const other = bySource.get(integration.source);
    if (other !== undefined && !isLake)
      findings.push({
        path: [...at, "source"],
        message: `${shown(integration.source)} is the source of ${other} too, and AWS allows one channel a source`,
        fix: "keep one of the two",
      });
    bySource.set(integration.source, integration.name);
    findings.push(...integrationFindings(integration, isLake).map((one) => ({ ...one, path: [...at, ...one.path] })));
  }
  return findings;
}

function integrationFindings(one: DeclaredIntegration, isLake: boolean): readonly Finding[] {
  const findings: Finding[] = [...tagFindings(one.tags, ["tags"])];
  const wrong = (path: Path, message: string, fix: string): void => void findings.push({ path, message, fix });
  const row = findSource(one.source);
  const meant = row === undefined ? nearSource(one.source) : undefined;
  if (meant !== undefined)
    wrong(["source"], `${shown(one.source)} is no source: did you mean ${meant}`, "spell it exactly so");
  else if (row === undefined && !isLake)
    wrong(
      ["source"],
      `${shown(one.source)} is no source: there are ${sources.map(({ source }) => source).join(", ")}`,
      "spell it as one of these, or take Custom",
    );
  if (new Set(one.stores).size < one.stores.length) wrong(["stores"], "A store is there twice", "name each once");
  for (const [index, store] of one.stores.entries())
    if (store.startsWith("arn:") && parseCloudTrailArn(store)?.type !== "eventdatastore")
      wrong(["stores", index], `${shown(store)} is no event data store's ARN`, "copy it from list-event-data-stores");
  const principals = principalsOf(one);
  if (one.noPolicy === true) {
    for (const member of ["principals", "externalId"] as const)
      if (one[member] !== undefined)
        wrong([member], "Without a policy there is nothing that holds it", `take noPolicy or ${member} away`);
    return findings;
  }
  if (principals.length === 0)
    wrong(
      [],
      row?.type === "direct"
        ? `Nobody may send: ${row.displayName} calls from its own AWS account, which is not public`
        : "Nobody may send",
      row?.type === "direct"
        ? `add principals: the account ids that ${row.displayName} names, or noPolicy: true`
        : "add principals: your account id, or noPolicy: true",
    );
  if (row?.type === "direct" && one.externalId === undefined)
    wrong(
      [],
      `${row.displayName} sends from its own account, and such a source needs an external id`,
      "add externalId: the one that the partner gives, or a long random text that you give the partner",
    );
  if (principals.length > 0 && (one.externalId === undefined || findings.length === 0)) {
    const found = policyFinding(principals, one.externalId);
    if (found !== undefined) findings.push(found);
  }
  return findings;
}

/** The source that is so called in another spelling, or by the partner's name. */
function nearSource(given: string): string | undefined {
  const near = sources.find(({ source, displayName }) =>
    [source, displayName].some((one) => bare(one) === bare(given)),
  );
  return near?.source;
}

function bare(text: string): string {
  return text.toLowerCase().replaceAll(/[^a-z0-9]/g, "");
}

/** Who may send: what is declared, else the accounts that the partner is known to call from. */
export function principalsOf({ principals, source }: DeclaredIntegration): readonly string[] {
  return principals ?? findSource(source)?.partnerAccountIds ?? [];
}

/** What is wrong with the policy that would be written. */
function policyFinding(principals: readonly string[], externalId: string | undefined): Finding | undefined {
  const partition = principals.find((one) => one.startsWith("arn:"))?.split(":")[1] ?? "aws";
  const arn = longestChannel.replace("aws-us-gov", partition === "" ? "aws" : partition);
  const path: Path = ["principals"];
  const text = channelPolicyText({ principals, externalId }, arn);
  if (text.length > limits.policy.characters)
    return {
      path,
      message: `The policy has ${text.length} characters, over the limit of ${limits.policy.characters}`,
      fix: "name fewer principals: an account instead of its roles",
    };
  try {
    parseChannelPolicy(text, arn);
    return undefined;
  } catch (error) {
    if (!(error instanceof PolicyInvalid)) throw error;
    return { path, message: error.rule.replace(/\.$/, ""), fix: "mend it" };
  }
}

function tagFindings(tags: Readonly<Record<string, string>> | undefined, at: Path): readonly Finding[] {
  const keys = Object.keys(tags ?? {});
  const bad = keys.filter(
    (key) => key === "" || codePoints(key) > limits.tags.key || /^aws:/i.test(key) || key === setTag,
  );
  const findings = bad.map((key) => ({
    path: [...at, key],
    ofKey: true,
    message: `${shown(key)} cannot be a tag's key`,
    fix: `use 1 to ${limits.tags.key} characters that do not begin with aws:, and not ${setTag}`,
  }));
  // One is the set's own.
  if (keys.length >= limits.tags.perResource)
    findings.push({
      path: [...at],
      ofKey: true,
      message: `${keys.length} tags are too many`,
      fix: `keep ${limits.tags.perResource - 1} at most`,
    });
  return findings;
}
