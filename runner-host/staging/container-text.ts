import type { StagingContainer } from '../protocol/staging';
import { quoted } from './command-text';

/**
 * The suite's text for the host's shell, run in the container. The inner shell marks its start and its end: the engine's client
 * ends with 1, 125, 126, 127, 137 or 255 for faults of its own, and so may a suite.
 */
export function inContainer(
  { engine, name }: StagingContainer,
  { text, token, mark }: { text: string; token: string; mark: string },
): string {
  const inner = String.raw`printf '\n%s start\n' "$1"; sh -c "$2"; code=$?; printf '\n%s end %s\n' "$1" "$code"; exit "$code"`;
  // Killing the client leaves the suite running: the token is what it is found by in there.
  const words = [engine, 'exec', '-e', `${token}=1`, name, 'sh', '-c', inner, 'sh', mark, text];
  return words.map(quoted).join(' ');
}

const LOOK = String.raw`
holds() {
  while IFS= read -r part || [ -n "$part" ]; do
    case $part in *"$token="*) return 0 ;; esac
  done 2>/dev/null <"/proc/$1/environ"
  return 1
}
scan() {
  found= entries=/proc/[0-9]*/environ
  [ -z "$greps" ] || entries=$(grep -lF "$token=" /proc/[0-9]*/environ 2>/dev/null)
  for entry in $entries; do
    pid=${'$'}{entry#/proc/}
    pid=${'$'}{pid%/environ}
    [ "$pid" != $$ ] && { [ -n "$greps" ] || holds "$pid"; } && found="$found $pid"
  done
}
token=$1 grace=$2 waited=0 passes=0 greps=
[ "$(printf 'x\0%s=\n' "$token" | grep -cF "$token=" 2>/dev/null)" != 1 ] || greps=1
[ -r /proc/self/environ ] || exit 2
scan
[ -z "$found" ] || kill -TERM $found 2>/dev/null
while [ -n "$found" ] && [ "$waited" -lt "$grace" ]; do sleep 1; scan; waited=$((waited + 1)); done
while [ -n "$found" ] && [ "$passes" -lt 5 ]; do
  kill -KILL $found 2>/dev/null
  sleep 0.2 || sleep 1
  scan
  passes=$((passes + 1))
done
[ -z "$found" ]`;

/**
 * The script that ends what a run left in its container: exit 0 nothing is left, 1 something is, 2 nobody could look. A
 * container that has stopped, or is gone while the engine answers, holds nothing any more.
 */
export function sweepScript({ engine, name }: StagingContainer, token: string, graceMs: number): string {
  const [client, box] = [engine, quoted(name)];
  const grace = Math.ceil(graceMs / 1000);
  return [
    `${client} exec ${box} sh -c ${quoted(LOOK)} sh ${quoted(token)} ${grace}`,
    'code=$?',
    `running=$(${client} inspect -f '{{.State.Running}}' ${box} 2>/dev/null)`,
    'case $running in true) case $code in 0 | 1) exit $code ;; esac; exit 2 ;; false) exit 0 ;; esac',
    `${client} version -f '{{.Server.Version}}' >/dev/null 2>&1 && exit 0`,
    'exit 2',
  ].join('\n');
}

/** What a preflight of the container prints in place of `ready`, and what it means. */
export const CONTAINER_FAULTS = {
  'container-client': 'permanent-env',
  'container-permission': 'permanent-env',
  'container-daemon': 'transient-infra',
  'container-missing': 'permanent-env',
  'container-stopped': 'permanent-env',
  'container-paused': 'permanent-env',
} as const;

/** Lines for the host's shell that call `fault`, which must not return, unless the container takes commands. They print nothing. */
export function containerPreflight({ engine, name }: StagingContainer): string {
  const ask = (field: string): string => `${engine} inspect -f '{{.State.${field}}}' ${quoted(name)} 2>/dev/null`;
  return [
    `command -v ${engine} >/dev/null || fault container-client`,
    // podman has no daemon; its version says nothing of a server.
    engine === 'docker'
      ? `docker version -f '{{.Server.Version}}' >/dev/null 2>&1 || { socket=\${DOCKER_HOST:-unix:///var/run/docker.sock}; socket=\${socket#unix://}; [ -S "$socket" ] && [ ! -w "$socket" ] && fault container-permission; fault container-daemon; }`
      : 'podman info >/dev/null 2>&1 || fault container-daemon',
    `running=$(${ask('Running')}) || fault container-missing`,
    `[ "$running" = true ] || fault container-stopped`,
    `[ "$(${ask('Paused')})" != true ] || fault container-paused`,
  ].join('\n');
}
