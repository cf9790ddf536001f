/** Stands before ssh for git (`GIT_SSH_COMMAND`): fetching passes, a push is refused. Not on Windows. */
export const SSH_LAYER = String.raw`#!/bin/sh
case "$*" in
  *git-receive-pack*)
    # What the arguments hold may be anything: only plain characters go into the record.
    words=$(printf '%s' "$*" | tr -cd 'A-Za-z0-9@:/._ -')
    printf '{"at":%s000,"action":"blocked","method":"git push","target":"%s","by":"git"}\n' "$(date +%s)" "$words" >> "$INTERLOCK_GUARD_LOG"
    echo 'Interlock refused a git push: a run writes nothing to the outside.' >&2
    exit 128 ;;
esac
exec ssh "$@"
`;
