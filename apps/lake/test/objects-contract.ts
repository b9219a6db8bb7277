import { describe, expect, test } from "vitest";
import type { Objects } from "../src/objects/objects.ts";

/** What every objects port must do. */
export function objectsContract(name: string, open: () => Promise<Objects>): void {
  // oxlint-disable-next-line vitest/valid-title
  describe(name, () => {
    test("what was put is got", async () => {
      const objects = await open();
      await objects.put("a/b=1/c.parquet", Buffer.from("bytes"));
      expect(Buffer.from(await objects.get("a/b=1/c.parquet")).toString()).toBe("bytes");
    });

    test("the same bytes may be put again, others never", async () => {
      const objects = await open();
      await objects.put("x", Buffer.from("one"));
      await objects.put("x", Buffer.from("one"));
      await expect(objects.put("x", Buffer.from("two"))).rejects.toMatchObject({ code: "OBJECT_EXISTS" });
      expect(Buffer.from(await objects.get("x")).toString()).toBe("one");
    });

    test("a hint is replaced whole, and is an object as any other", async () => {
      const objects = await open();
      await objects.replace("log/_last_checkpoint", Buffer.from("first"));
      expect(Buffer.from(await objects.get("log/_last_checkpoint")).toString()).toBe("first");
      await objects.replace("log/_last_checkpoint", Buffer.from("2nd"));
      await objects.replace("log/_last_checkpoint", Buffer.from("2nd"));
      expect(Buffer.from(await objects.get("log/_last_checkpoint")).toString()).toBe("2nd");
      expect(await collect(objects.list(""))).toEqual(["log/_last_checkpoint"]);
      await objects.delete("log/_last_checkpoint");
      expect(await collect(objects.list(""))).toEqual([]);
    });

    test("what is deleted or was never put is missing, and may be deleted again", async () => {
      const objects = await open();
      await objects.put("x", Buffer.from("one"));
      await objects.delete("x");
      await objects.delete("x");
      await expect(objects.get("x")).rejects.toMatchObject({ code: "OBJECT_MISSING" });
      await expect(objects.stage("never/put")).rejects.toMatchObject({ code: "OBJECT_MISSING" });
    });

    test("a list is of the objects alone, by prefix", async () => {
      const objects = await open();
      for (const path of ["tables/s/a", "tables/s/b", "tables/t/c", "results/d"])
        await objects.put(path, Buffer.from(path));
      const list = async (prefix: string): Promise<string[]> => (await collect(objects.list(prefix))).toSorted();
      expect(await list("")).toEqual(["results/d", "tables/s/a", "tables/s/b", "tables/t/c"]);
      expect(await list("tables/s/")).toEqual(["tables/s/a", "tables/s/b"]);
      expect(await list("tables/s/b")).toEqual(["tables/s/b"]);
    });

    test.each([
      "",
      "/etc/passwd",
      "..",
      "a/../b",
      "a//b",
      "a/",
      ".tmp/x",
      "a/.hidden",
      "a\\b",
      "a\0b",
      "a b",
      "é",
      "x".repeat(2000),
    ])("%.20j is no path", async (path) => {
      const objects = await open();
      for (const call of [
        objects.put(path, Buffer.from("x")),
        objects.replace(path, Buffer.from("x")),
        objects.get(path),
        objects.stage(path),
        objects.delete(path),
      ]) {
        await expect(call).rejects.toMatchObject({ code: "OBJECT_PATH_INVALID" });
      }
    });
  });
}

export async function collect<T>(source: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const each of source) all.push(each);
  return all;
}
