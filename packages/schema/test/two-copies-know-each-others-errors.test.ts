import { expect, test } from "vitest";
import { TributaryError } from "../src/index.ts";

class Narrower extends TributaryError {}

test("an error of another copy of the package is a TributaryError with its code; of a subclass its own instances alone are", async () => {
  const url = new URL("../dist/index.js", import.meta.url).href;
  const other = (await import(/* @vite-ignore */ url)) as { TributaryError: typeof TributaryError };
  expect(other.TributaryError).not.toBe(TributaryError);
  const theirs = new other.TributaryError("The vendor is away.", { code: "VENDOR_UNAVAILABLE", retryable: true });
  expect(theirs).toBeInstanceOf(TributaryError);
  expect(new Narrower("no", { code: "NO" })).toBeInstanceOf(other.TributaryError);
  expect(theirs).not.toBeInstanceOf(Narrower);
  expect(new Narrower("no", { code: "NO" })).toBeInstanceOf(Narrower);
  for (const value of [new Error("no"), { code: "NO" }, undefined]) expect(value).not.toBeInstanceOf(TributaryError);
  expect(Reflect.ownKeys(theirs)).toEqual(Reflect.ownKeys(new Narrower("no", { code: "NO" })));
});
