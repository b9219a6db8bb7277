/** What one traced call did, in the order the calls began; `end` is the line at which it had returned. */
export type Syscall =
  | {
      readonly kind: "write";
      readonly path: string;
      readonly offset: number;
      readonly bytes: Buffer;
      readonly start: number;
      readonly end: number;
    }
  | {
      readonly kind: "truncate";
      readonly path: string;
      readonly size: number;
      readonly start: number;
      readonly end: number;
    }
  | { readonly kind: "sync"; readonly path: string; readonly start: number; readonly end: number }
  | { readonly kind: "create"; readonly path: string; readonly start: number; readonly end: number }
  | { readonly kind: "remove"; readonly path: string; readonly start: number; readonly end: number }
  | { readonly kind: "send"; readonly bytes: Buffer; readonly start: number; readonly end: number };

/** strace's arguments for a log that {@link parseSyscalls} reads. */
export const straceArguments = (log: string): readonly string[] =>
  `-f -y -xx -s 4000000 --signal=none -e trace=${traced} -o`.split(" ").concat(log);

const traced = "openat,pwrite64,write,writev,sendto,sendmsg,fdatasync,fsync,ftruncate,unlink,unlinkat";

/** Bytes of `"\x61\x62"`, all strings of it one after the other. */
function stringsOf(text: string): Buffer {
  const parts = [...text.matchAll(/"((?:\\x[0-9a-f]{2})*)"/g)].map((match) =>
    Buffer.from(match[1]!.replaceAll("\\x", ""), "hex"),
  );
  return Buffer.concat(parts);
}

/** Reads a log of `strace -f -y -xx`. Calls that failed are left out. */
export function parseSyscalls(log: string): readonly Syscall[] {
  const calls: Syscall[] = [];
  const unfinished = new Map<string, { readonly text: string; readonly start: number }>();
  log.split("\n").forEach((line, index) => {
    const match = /^(\d+)\s+(.*)$/s.exec(line);
    if (!match) return;
    const thread = match[1]!;
    let text = match[2]!;
    let start = index;
    if (text.endsWith("<unfinished ...>")) {
      unfinished.set(thread, { text: text.slice(0, -"<unfinished ...>".length).trimEnd(), start });
      return;
    }
    const resumed = /^<\.\.\. \w+ resumed>(.*)$/s.exec(text);
    if (resumed) {
      const before = unfinished.get(thread);
      if (!before) return;
      unfinished.delete(thread);
      text = before.text + resumed[1]!;
      start = before.start;
    }
    const call = parseCall(text, start, index);
    if (call) calls.push(call);
  });
  // A call that never returned before the log ended may have had its effect.
  for (const { text, start } of unfinished.values()) {
    const call = parseCall(`${text}) = 1`, start, Number.POSITIVE_INFINITY);
    if (call && (call.kind === "write" || call.kind === "truncate")) calls.push(call);
  }
  return calls.toSorted((a, b) => a.start - b.start);
}

function pathOf(quoted: string): string {
  return quoted.includes("\\x") ? Buffer.from(quoted.replaceAll("\\x", ""), "hex").toString("utf8") : quoted;
}

function parseCall(text: string, start: number, end: number): Syscall | undefined {
  const result = /\) += (-?\d+)/.exec(text.slice(Math.max(0, text.lastIndexOf(") "))));
  if (!result || Number(result[1]) < 0) return undefined;
  const name = text.slice(0, text.indexOf("("));
  const descriptor = /^\w+\(\d+<([^>]*)>/.exec(text);
  const path = descriptor ? pathOf(descriptor[1]!) : "";
  switch (name) {
    case "pwrite64": {
      const numbers = /, (\d+), (\d+)\) += /.exec(text) ?? /, (\d+), (\d+)\)/.exec(text.slice(text.lastIndexOf('"')));
      if (!numbers) return undefined;
      return { kind: "write", path, offset: Number(numbers[2]), bytes: stringsOf(text), start, end };
    }
    case "write":
    case "writev":
    case "sendto":
    case "sendmsg":
      return /socket:|TCP/.test(path) ? { kind: "send", bytes: stringsOf(text), start, end } : undefined;
    case "fdatasync":
    case "fsync":
      return { kind: "sync", path, start, end };
    case "ftruncate":
      return { kind: "truncate", path, size: Number(/, (\d+)\)/.exec(text)![1]), start, end };
    case "openat": {
      const opened = / = \d+<([^>]*)>/.exec(text);
      return text.includes("O_CREAT") && opened ? { kind: "create", path: pathOf(opened[1]!), start, end } : undefined;
    }
    case "unlink":
    case "unlinkat": {
      const removed = stringsOf(text).toString("utf8");
      return { kind: "remove", path: removed, start, end };
    }
    default:
      return undefined;
  }
}
