import { parseArn } from "@tributary/schema";
import type { Caller } from "./caller.ts";
import { own, quote, type Reader } from "./policy-document.ts";

/** Whom a statement names. `any` is `"*"`. */
export type Principal =
  | { readonly kind: "account"; readonly accountId: string }
  | { readonly kind: "arn"; readonly arn: string }
  | { readonly kind: "service"; readonly service: string }
  | { readonly kind: "any" };

/**
 * How a statement names a caller: `directly` by its own ARN, its role's or `"*"`; or as one of an `account`, which for a
 * caller of the resource's own account only delegates to that account's identity policies.
 */
export type Match = "directly" | "account" | undefined;

/** What {@link readPrincipals} allows. */
export interface PrincipalRules {
  /** Of the resource: a principal of another partition cannot call it. */
  readonly partition: string;
  readonly maxPrincipals: number;
  readonly allowAny: boolean;
  /** Service principals that may stand under `Service`. */
  readonly services: readonly string[];
}

/** Reads `Principal: { AWS: … }`. Spec 3.1. */
export function readPrincipals(
  reader: Reader,
  value: unknown,
  path: string,
  rules: PrincipalRules,
): readonly Principal[] {
  if (value === undefined) return reader.fail(path, "is missing.");
  if (value === "*") return [readAny(reader, path, rules)];
  const members = reader.object(value, path);
  const other = Object.keys(members).find((key) => key !== "AWS" && !(key === "Service" && rules.services.length > 0));
  if (other !== undefined) return reader.fail(path, `${quote(other)} is not allowed: only AWS principals can call.`);
  const service = own(members, "Service");
  const services = service === undefined ? [] : reader.strings(service, `${path}.Service`);
  const unknown = services.find((name) => !rules.services.includes(name));
  if (unknown !== undefined)
    return reader.fail(`${path}.Service`, `${quote(unknown)} is not one of ${rules.services.join(", ")}.`);
  const aws = own(members, "AWS");
  if (services.length > 0 && aws === undefined) return services.map((name) => ({ kind: "service", service: name }));
  const texts = reader.strings(aws, `${path}.AWS`);
  if (texts.length > rules.maxPrincipals)
    return reader.fail(`${path}.AWS`, `holds ${texts.length} principals; at most ${rules.maxPrincipals} are allowed.`);
  const principals = texts.map((text): Principal => {
    if (text === "*") return readAny(reader, `${path}.AWS`, rules);
    return parsePrincipal(text, rules.partition) ?? reader.fail(`${path}.AWS`, invalid(text, rules.partition));
  });
  return [...principals, ...services.map((name): Principal => ({ kind: "service", service: name }))];
}

/** How the principals name the caller; the closest match wins. Spec 3.4 step 5. */
export function principalMatch(principals: readonly Principal[], caller: Caller): Match {
  let match: Match;
  for (const principal of principals) {
    if (principal.kind === "any") return "directly";
    if (principal.kind === "account") {
      if (principal.accountId === caller.accountId) match = "account";
    } else if (principal.kind === "arn" && (principal.arn === caller.arn || principal.arn === caller.sessionOf))
      return "directly";
  }
  return match;
}

function parsePrincipal(text: string, partition: string): Principal | undefined {
  if (/^\d{12}$/.test(text)) return { kind: "account", accountId: text };
  const arn = parseArn(text);
  if (arn?.partition !== partition || arn.region !== "" || !/^\d{12}$/.test(arn.accountId)) return undefined;
  const { service, accountId, resource } = arn;
  if (service === "iam" && resource === "root") return { kind: "account", accountId };
  const form = service === "iam" ? iamResource : service === "sts" ? stsResource : undefined;
  return form?.test(resource) && resource.length <= 600 ? { kind: "arn", arn: text } : undefined;
}

// A path is made of printable ASCII segments; * and ? have no meaning in a principal and are refused.
const iamResource = /^(?:user|role)\/(?:[!-)+->@-~]{0,510}\/)?[\w+=,.@-]{1,64}$/;
const stsResource = /^(?:assumed-role\/[\w+=,.@-]{1,64}\/[\w+=,.@-]{2,64}|federated-user\/[\w+=,.@-]{2,64})$/;

function readAny(reader: Reader, path: string, rules: PrincipalRules): Principal {
  if (!rules.allowAny) return reader.fail(path, '"*" is not allowed: name accounts, users or roles.');
  return { kind: "any" };
}

function invalid(text: string, partition: string): string {
  return (
    `${quote(text)} is not a principal: use a 12-digit account id, or an ARN of partition ${partition} that ends in ` +
    `:root, :user/NAME, :role/NAME, :assumed-role/ROLE/SESSION or :federated-user/NAME.`
  );
}
