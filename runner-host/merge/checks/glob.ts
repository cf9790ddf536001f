import type { BytePath } from './trees';

/**
 * Says which paths one of the globs means: `*` and `?` stay within a name, `**` spans folders. A glob without `/` means
 * the file wherever it lies; a `/` at the start, the top folder.
 */
export function matcher(globs: readonly string[]): (path: BytePath) => boolean {
  const expressions = globs.map((glob) => {
    const bytes = Buffer.from(glob, 'utf8').toString('latin1');
    return new RegExp(`^${toExpression(bytes.includes('/') ? bytes.replace(/^\//, '') : `**/${bytes}`)}$`, 's');
  });
  return (path) => expressions.some((expression) => expression.test(path));
}

const toExpression = (glob: string): string =>
  glob.replace(/\*\*\/|\*\*|\*|\?|[^*?]+/g, (token) => {
    if (token === '**/') return '(?:[^/]+/)*';
    if (token === '**') return '.*';
    if (token === '*') return '[^/]*';
    if (token === '?') return '[^/]';
    return token.replace(/[.+^${}()|[\]\\/-]/g, '\\$&');
  });
