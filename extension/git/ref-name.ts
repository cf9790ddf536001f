// The rules of git-check-ref-format(1) for a branch, plus `HEAD` and a leading dash, which `git branch` refuses too.
const FORBIDDEN = /[\u0000-\u0020\u007f~^:?*[\\]|\.\.|@\{|\/\/|^[-/]|\/$|\.$|^@$|^HEAD$/;

/** Whether git takes this as the name of a branch (or of a remote) without reading anything else into it. */
export function isBranchName(name: string): boolean {
  if (name === '' || FORBIDDEN.test(name)) return false;
  return name.split('/').every((part) => !part.startsWith('.') && !part.endsWith('.lock'));
}
