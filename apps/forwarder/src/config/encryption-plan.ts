import { StateKeys } from "../state/state-keys.ts";
import type { EncryptionConfig } from "./encryption-schema.ts";
import { messageOf } from "./message-of.ts";
import type { ReadSecret } from "./read-secret.ts";
import type { Finding, Path } from "./yaml-source.ts";

export interface EncryptionPlan {
  /** Undefined where something is wrong. */
  readonly keys: StateKeys | undefined;
  readonly findings: readonly Finding[];
  readonly secrets: readonly string[];
}

/** Reads the keys of the state from where the configuration says. */
export function encryptionPlan(
  { key, formerKeys = [] }: EncryptionConfig,
  read: (place: unknown) => ReadSecret,
): EncryptionPlan {
  const findings: Finding[] = [];
  const secrets: string[] = [];
  const take = (place: unknown, path: Path): void => {
    const found = read(place);
    if (!("text" in found)) {
      findings.push({ path, ...found });
      return;
    }
    secrets.push(found.text);
    try {
      void new StateKeys([found.text]);
    } catch (error) {
      findings.push({ path, message: messageOf(error), fix: "make another and keep it where it is not lost" });
    }
  };
  take(key, ["encryption", "key"]);
  for (const [index, former] of formerKeys.entries()) take(former, ["encryption", "formerKeys", index]);
  const [first, ...rest] = secrets;
  return {
    keys: findings.length === 0 && first !== undefined ? new StateKeys([first, ...rest]) : undefined,
    findings,
    secrets,
  };
}
