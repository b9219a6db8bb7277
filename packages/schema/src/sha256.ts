// On Node: node:crypto. Elsewhere: @noble/hashes. See `imports` in package.json.
export { sha256, sha256Base64, sha256Base64Url, sha256Hex } from "#sha256";
