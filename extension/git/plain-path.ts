/** A path of git's own form: relative, `/` between the parts, nothing that leads up or into `.git`. */
export function isPlainPath(path: string): boolean {
  if (path === '' || /[\\\u0000-\u001f\u007f]/.test(path) || /^([A-Za-z]:|\/)/.test(path)) return false;
  return path.split('/').every((part) => part !== '' && part !== '.' && part !== '..' && part.toLowerCase() !== '.git');
}
