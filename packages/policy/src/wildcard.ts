/**
 * Whether `text` matches `pattern`, in which `*` stands for any run of characters and `?` for exactly one.
 * Case-sensitive. Two pointers with one point of return (the last `*`): no recursion, no RegExp, at most
 * pattern x text steps whatever the pattern.
 */
export function wildcardMatches(pattern: string, text: string): boolean {
  let p = 0;
  let t = 0;
  let afterStar = -1;
  let retry = 0;
  while (t < text.length) {
    const code = pattern.charCodeAt(p);
    if (code === star) {
      afterStar = ++p;
      retry = t;
      if (p === pattern.length) return true;
    } else if (code === question) {
      p++;
      t += width(text, t);
    } else if (code === text.charCodeAt(t)) {
      p++;
      t++;
    } else if (afterStar !== -1) {
      p = afterStar;
      retry += width(text, retry);
      t = retry;
    } else return false;
  }
  while (pattern.charCodeAt(p) === star) p++;
  return p === pattern.length;
}

const star = 0x2a;
const question = 0x3f;

/** UTF-16 units of the character at `index`: a pair of surrogates is one character. */
function width(text: string, index: number): 1 | 2 {
  return text.codePointAt(index)! > 0xffff ? 2 : 1;
}
