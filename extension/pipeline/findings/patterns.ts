/** A path or glob; what stands after `#` is a JSON pointer to the part of the file that counts. */
export interface Pattern {
  text: string;
  pointer: string | null;
  matches(path: string): boolean;
}

/**
 * Reads a pattern: `*` and `?` stay within a name, `**` spans folders, `{a,b}` chooses. One without `/` means the file
 * wherever it lies; a `/` at the start, the top folder.
 */
export function readPattern(text: string): Pattern {
  const hash = text.indexOf('#');
  const glob = hash === -1 ? text : text.slice(0, hash);
  const anchored = glob.includes('/') ? glob.replace(/^\//, '') : `**/${glob}`;
  const whole = new RegExp(`^${toExpression(anchored)}$`);
  return { text, pointer: hash === -1 ? null : text.slice(hash + 1), matches: (path) => whole.test(path) };
}

function toExpression(glob: string): string {
  let depth = 0;
  return glob.replace(/\*\*\/|\*\*|\*|\?|[{},]|[^*?{},]+/g, (token) => {
    switch (token) {
      case '**/':
        return '(?:[^/]+/)*';
      case '**':
        return '.*';
      case '*':
        return '[^/]*';
      case '?':
        return '[^/]';
      case '{':
        depth++;
        return '(?:';
      case '}':
        return depth-- > 0 ? ')' : '\\}';
      case ',':
        return depth > 0 ? '|' : ',';
      default:
        return token.replace(/[.+^$()|[\]\\/-]/g, '\\$&');
    }
  });
}
