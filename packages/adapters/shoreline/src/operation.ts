const word = /^\p{L}[\p{L}\p{N}_-]{0,63}$/u;

/**
 * What a row's details say was done, and to what: `Create File file_1` is the event CreateFile of the object file_1. Of a Linux
 * command, which the log holds too, the first two words make the name in the same way, as far as they are words: `df -h` is Df.
 * `Operation` where there is no word to begin with.
 */
export function operation(details: string): { readonly name: string; readonly object?: string | undefined } {
  const words = details.trim().split(/\s+/);
  const first = words.slice(0, 2);
  const other = first.findIndex((text) => !word.test(text));
  const count = other < 0 ? first.length : other;
  const name = first.slice(0, count).map(pascalCase).join("");
  const object = words.slice(count).join(" ");
  return name === "" ? { name: "Operation" } : { name, object: object === "" ? undefined : object };
}

function pascalCase(text: string): string {
  return text
    .split(/[_-]+/)
    .map((part) => part.replace(/^./u, (letter) => letter.toUpperCase()))
    .join("");
}
