import { maskText } from "./mask-text.ts";

/**
 * Tokens that their own form tells, wherever they stand: of GitHub, GitLab, Slack, Stripe, npm, Google, HashiCorp Vault, JSON Web
 * Tokens and private keys in PEM. Each has a prefix that nothing else begins with; the repetitions are bounded, so that the
 * search is linear. (The token of Amazon's `X-Amz-Security-Token` and the like is known by its parameter.)
 */
const shapes =
  /\b(?:gh[oprsu]_\w{20,255}|github_pat_\w{20,255}|glpat-[\w-]{20,255}|xox[abeoprs]-[\w-]{10,255}|[rs]k_live_\w{16,255}|npm_\w{30,255}|AIza[\w-]{35}|hv[bs]\.[\w-]{20,255}|eyJ[\w-]{8,4096}\.eyJ[\w-]{8,8192}\.[\w-]{10,2048})/g;
const prefixes = /\b(?:gh[oprsu]_|github_pat_|glpat-|xox[abeoprs]-|[rs]k_live_|npm_|AIza|hv[bs]\.|eyJ)/;
const keyBegin = "-----BEGIN ";
const keyBlock = /(-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----)[^-]{0,20000}(?:-----END [A-Z ]{0,40}PRIVATE KEY-----)?/g;

/** Whether {@link redactTokens} may change a text. */
export function mayHoldToken(text: string): boolean {
  return text.length >= 20 && (prefixes.test(text) || (text.indexOf(" ") >= 0 && text.includes(keyBegin)));
}

/** A text with tokens of known form masked. A token's prefix stays, so that its kind can be told. */
export function redactTokens(text: string): string {
  const without = text.replaceAll(shapes, (token) => `${token.slice(0, 4)}${maskText}`);
  return without.includes(keyBegin) ? without.replaceAll(keyBlock, `$1${maskText}`) : without;
}
