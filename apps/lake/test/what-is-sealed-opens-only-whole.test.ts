import * as fc from "fast-check";
import { expect, test } from "vitest";
import { readSessionToken, writeSessionToken } from "../src/identity/session-token.ts";
import { DataKey } from "../src/secrets/data-key.ts";
import { seal, unseal } from "../src/secrets/sealed.ts";

const key32 = fc.uint8Array({ minLength: 32, maxLength: 32 });
const bytes = fc.uint8Array({ maxLength: 200 });

test("what was sealed opens by its key and what it is bound to, and by nothing else", () => {
  fc.assert(
    fc.property(key32, key32, fc.string(), fc.string(), bytes, (key, otherKey, bound, otherBound, plain) => {
      const sealed = seal(key, bound, plain);
      expect(unseal(key, bound, sealed)).toEqual(Buffer.from(plain));
      expect(sealed).toMatch(/^[\w-]+$/);
      if (Buffer.compare(key, otherKey) === 0 || bound === otherBound) return;
      // Lone surrogates are all the same in UTF-8.
      fc.pre(Buffer.compare(Buffer.from(bound), Buffer.from(otherBound)) !== 0);
      expect(unseal(otherKey, bound, sealed)).toBeUndefined();
      expect(unseal(key, otherBound, sealed)).toBeUndefined();
    }),
  );
});

test("changed in any bit, cut, longer or of other letters, it does not open", () => {
  fc.assert(
    fc.property(key32, bytes, fc.nat(), fc.nat(7), (key, plain, where, bit) => {
      const sealed = seal(key, "id", plain);
      const raw = Buffer.from(sealed, "base64url");
      raw[where % raw.length]! ^= 1 << bit;
      expect(unseal(key, "id", raw.toString("base64url"))).toBeUndefined();
      expect(unseal(key, "id", sealed.slice(0, where % sealed.length))).toBeUndefined();
      for (const other of [`${sealed}A`, `${sealed}=`, ` ${sealed}`, `${sealed}\n`])
        expect(unseal(key, "id", other)).toBeUndefined();
    }),
  );
});

test("sealed twice, it never reads the same", () => {
  const key = new Uint8Array(32);
  expect(new Set(Array.from({ length: 1000 }, () => seal(key, "", Buffer.from("x")))).size).toBe(1000);
});

const claims = {
  accessKeyId: "ASIAAAAABBBBCCCCDDDD",
  secretAccessKey: "secret",
  kind: "role",
  arn: "arn:aws:iam::111122223333:role/shipper",
  principalId: "AROAAAAABBBBCCCCDDDD",
  sessionName: "night",
  issuedAt: 1,
  expiresAt: 2,
  policy: "é😀",
} as const;

test("a data key opens under its master key alone, and each purpose has its own", () => {
  const [master, other] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)];
  const dataKey = DataKey.random();
  const again = DataKey.open(dataKey.sealedBy(master), master)!;
  const sealed = dataKey.seal("access-key-secret", "id", "secret");
  expect(again.open("access-key-secret", "id", sealed)).toBe("secret");
  expect(again.open("session-token", "id", sealed)).toBeUndefined();
  expect(again.open("access-key-secret", "other", sealed)).toBeUndefined();
  expect(DataKey.random().open("access-key-secret", "id", sealed)).toBeUndefined();
  expect(DataKey.open(dataKey.sealedBy(master), other)).toBeUndefined();
});

test("a session token tells its claims to the lake that made it, for its own key", () => {
  const dataKey = DataKey.random();
  const token = writeSessionToken(dataKey, claims);
  expect(readSessionToken(dataKey, claims.accessKeyId, token)).toEqual(claims);
  expect(readSessionToken(dataKey, "ASIAAAAABBBBCCCCEEEE", token)).toBeUndefined();
  expect(readSessionToken(DataKey.random(), claims.accessKeyId, token)).toBeUndefined();
  expect(readSessionToken(dataKey, claims.accessKeyId, token.repeat(50))).toBeUndefined();
  expect(token).not.toContain(claims.sessionName);
});
