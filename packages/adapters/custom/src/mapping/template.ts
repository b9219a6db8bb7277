/** A template: texts that stay as they are, and JSON pointers in between. */
export type Template = readonly ({ readonly text: string } | { readonly pointer: string })[];

/** Whether a text of a mapping is a template rather than a pointer. */
export function isTemplate(text: string): boolean {
  return text.includes("{/");
}

/**
 * The parts of a template such as `{/a/b}:{/c}`; `{{` and `}}` are braces that stay. Answers what is wrong with it as a text.
 */
export function parseTemplate(text: string): Template | string {
  const parts: ({ text: string } | { pointer: string })[] = [];
  let plain = "";
  let at = 0;
  while (at < text.length) {
    const char = text[at]!;
    const doubled = text[at + 1] === char;
    if ((char === "{" || char === "}") && doubled) {
      plain += char;
      at += 2;
    } else if (char === "{") {
      const end = text.indexOf("}", at);
      if (end < 0) return `The { at character ${at + 1} is never closed`;
      if (text[at + 1] !== "/") return `After the { at character ${at + 1} comes no JSON pointer`;
      if (plain !== "") parts.push({ text: plain });
      plain = "";
      parts.push({ pointer: text.slice(at + 1, end) });
      at = end + 1;
    } else if (char === "}") return `The } at character ${at + 1} closes nothing`;
    else {
      plain += char;
      at += 1;
    }
  }
  if (plain !== "") parts.push({ text: plain });
  return parts;
}
