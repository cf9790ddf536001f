# Runs, watches and ends one suite on a host where nothing is installed. POSIX sh: dash, bash and busybox, on Linux.
# $S is this text, $0 the shell that reads it. The nonce and all parameters come on stdin: see remote-request.ts.
# Only the part that a connection holds (start, attach, kill) knows the nonce; the part that supervises never does.

frame() { printf '\n@@%s %s\n' "$nonce" "$*" || exit 1; }
whole() { case $1 in '' | *[!0-9]*) return 1 ;; esac; }
take() {
  IFS= read -r line || exit 2
  value=$(printf '%bx' "$line")
  value=${value%x}
}
# The record files are as long as they will ever be before the suite starts, and are written in place: a full disk loses none.
put() { printf '%-127s\n' "$2" 1<>"$dir/$1"; }
get() {
  got=
  IFS=' ' read -r got 2>/dev/null <"$dir/$1" || :
}
boot() {
  boot_id=-
  read -r boot_id 2>/dev/null </proc/sys/kernel/random/boot_id
}

# state, parent, group, session, start of a process. A command's name may hold anything, line feeds too.
look() {
  text=
  while IFS= read -r part || [ -n "$part" ]; do text="$text $part"; done 2>/dev/null <"/proc/$1/stat"
  set -- ${text##*) }
  [ $# -ge 20 ] || return 1
  state=$1 parent=$2 group=$3 session=$4 start=${20}
}
alive() {
  look "$1" && [ "$start" = "$2" ] || return 1
  case $state in [ZXx]) return 1 ;; esac
}
# Whether the run's token is in a process's environment. read leaves out the zero bytes.
holds() {
  while IFS= read -r part || [ -n "$part" ]; do
    case $part in *"$token="*) return 0 ;; esac
  done 2>/dev/null <"/proc/$1/environ"
  return 1
}

# The tree below a process, while parents still live: what leaves session and environment is known by it later.
below() {
  for list in "/proc/$1/task"/*/children; do
    kids=
    read -r kids 2>/dev/null <"$list"
    for kid in $kids; do
      [ ${#known} -lt 20000 ] && look "$kid" || continue
      case "$known " in *" $kid:$start "*) ;; *) known="$known $kid:$start" ;; esac
      below "$kid"
    done
  done
}
remember() {
  before=$known known=
  for one in $before; do
    alive "${one%:*}" "${one#*:}" && known="$known $one"
  done
  below "$suite"
}

# young: the pids of all that began no earlier than the run; marked: the environments that hold its token, ? if nobody could look.
# Shells read byte by byte, which takes a second where a thousand processes live: others read for us. A name that holds a line feed
# makes a line that is none; then all are looked at one by one.
gather() {
  young= odd=
  lines=$(cat /proc/[0-9]*/stat 2>/dev/null) || [ $? -eq 1 ] || odd=1
  marked=?
  if [ -n "$greps" ]; then
    marked=$(grep -lF "$token=" /proc/[0-9]*/environ 2>/dev/null) || [ $? -le 2 ] || marked=?
  fi
  set -f
  IFS='
'
  for line in $lines; do
    IFS=' '
    case $line in [0-9]*' ('*') '[A-Za-z]' '*) ;; *) odd=1 ;; esac
    set -- ${line##*) }
    [ $# -ge 20 ] || { odd=1; continue; }
    [ "${20}" -lt "$born" ] || young="$young ${line%% *}"
  done
  unset IFS
  set +f
  [ -z "$odd" ] || for entry in /proc/[0-9]*; do young="$young ${entry#/proc/}"; done
}
is_marked() {
  [ "$marked" != '?' ] || { holds "$1"; return; }
  case "
$marked
" in *"
/proc/$1/environ
"*) return 0 ;; esac
  return 1
}
# found, count: what lives of the run. Nothing older than the run is of it.
scan() {
  found= count=0 sid=$suite
  look "$suite" && [ "$start" != "$suite_start" ] && sid=-
  gather
  for pid in $young; do
    [ "$pid" != $$ ] && [ "$pid" != "${me:-}" ] && look "$pid" && [ "$start" -ge "$born" ] || continue
    case $state in [ZXx]) continue ;; esac
    if [ "$session" != "$sid" ] && [ "$group" != "$sid" ]; then
      case "$known " in *" $pid:$start "*) ;; *)
        case "$found " in *" $parent "*) ;; *) is_marked "$pid" || continue ;; esac ;;
      esac
    fi
    found="$found $pid" count=$((count + 1))
    case "$ever " in *" $pid:$start "*) ;; *) ever="$ever $pid:$start" leaked=$((leaked + 1)) ;; esac
    case "$known " in *" $pid:$start "*) ;; *) known="$known $pid:$start" ;; esac
  done
}
# dash knows no "--" here, and takes the minus for a group all the same.
signal() {
  [ "$sid" = - ] || kill "-$1" "-$sid" 2>/dev/null
  for pid in $found; do kill "-$1" "$pid" 2>/dev/null; done
}
end_run() {
  below "$suite"
  leaked=0 ever= clean=0 passes=0 waited=0
  scan
  if [ "$count" -gt 0 ]; then
    signal TERM
    signal CONT
    while scan && [ "$count" -gt 0 ] && [ "$waited" -lt "$grace" ]; do
      sleep "$tick"
      waited=$((waited + 1))
    done
  fi
  [ "$count" -gt 0 ] || clean=1
  while [ "$clean" -lt 2 ] && [ "$passes" -lt 20 ]; do
    passes=$((passes + 1))
    scan
    if [ "$count" -eq 0 ]; then
      clean=$((clean + 1))
    else
      clean=0
      signal KILL
      sleep "$short"
    fi
  done
  left=$count
  [ ! -s "$dir/sweep" ] || end_inside
}
# What the run left where this process table does not reach: a script of its own looks and ends it. 0: nothing is left, 1: something,
# else nobody could look. An engine that does not answer must not hold up the end.
end_inside() {
  "$0" "$dir/sweep" "$grace" </dev/null >/dev/null 2>&1 5>&- &
  inner=$! waited=0
  while look "$inner" && [ "$state" != Z ] && [ "$waited" -lt $((grace * 50 + 1000)) ]; do
    sleep "$short"
    waited=$((waited + 1))
  done
  kill -KILL "$inner" 2>/dev/null
  wait "$inner"
  case $? in
    0) ;;
    1) left=$((left + 1)) ;;
    *) left=- ;;
  esac
}

# KiB that are free for us, the lesser of the run's and the suite's file system.
free() {
  least=-
  for place in "$dir" "$workdir"; do
    kib=$(df -Pk "$place" 2>/dev/null | { read -r line; read -r name size used kib rest; printf %s "$kib"; })
    whole "$kib" || { least=-; return; }
    [ "$least" != - ] && [ "$least" -le "$kib" ] || least=$kib
  done
}
oom_kills() {
  set -- $(grep '^oom_kill ' /proc/vmstat 2>/dev/null)
  kills=${2:--}
}
log_size() {
  size=$(stat -c %s "$dir/log" 2>/dev/null)
  whole "$size" || size=0
}

# Ends the run at a limit, and whatever is left when the suite has ended: then it is sent TERM.
watch() {
  over= reason= ticks=0 idle=0 seen=
  trap 'over=1' TERM
  # Whoever asks for the end need not wait for a tick.
  read -r me rest </proc/self/stat
  look "$me" && put watchdog "$me $start"
  while [ -z "$over" ]; do
    sleep "$tick" 5>&- &
    nap=$!
    wait "$nap"
    [ -z "$over" ] || break
    ticks=$((ticks + 1)) idle=$((idle + 1))
    get ended
    [ -z "$got" ] || break
    # $$ is the supervisor. Without it nobody would write down how the run ended.
    alive $$ "$born" || break
    remember
    get lease
    [ "$got" = "$seen" ] || idle=0
    seen=$got
    log_size
    get kill
    [ -z "$got" ] || reason=kill
    [ "$idle" -lt "$lease" ] || reason=${reason:-lease}
    [ "$ticks" -lt "$timeout" ] || reason=${reason:-timeout}
    [ "$size" -le "$((most_log * 1024))" ] || reason=${reason:-output}
    [ -n "$reason" ] || continue
    put reason "$reason"
    break
  done
  kill "$nap" 2>/dev/null
  get kill
  [ -z "$got" ] || put reason "${reason:=kill}"
  end_run
  put swept "$leaked $left"
}

finish() {
  oom_kills
  [ "$kills" = - ] || [ "$kills_before" = - ] && oom=- || oom=$((kills - kills_before))
  free
  log_size
  put exit.new "$1 $2 $oom $left $leaked $free_before $least $size"
  # Whoever reads that this run is over finds the host free.
  exec 5>&-
  mv "$dir/exit.new" "$dir/exit"
}

supervise() {
  dir=$ILK_DIR workdir=$ILK_WORKDIR mask=$ILK_MASK owner=$ILK_OWNER base=${ILK_DIR%/*}
  unset S ILK_DIR ILK_WORKDIR ILK_MASK ILK_OWNER
  # Not by the environment, where the token that it may name would make us one of the run's own.
  command=$(cat "$dir/command" && echo x) || exit 1
  command=${command%x}
  umask 077
  # Who says that the run never started takes this first.
  mkdir "$dir/claimed" || exit 1
  read_limits
  boot
  look $$ || exit 1
  born=$start known= left=0 leaked=0
  put supervisor "$$ $born $boot_id"
  free
  free_before=$least
  oom_kills
  kills_before=$kills
  cd "$workdir" || { finish 1 not-started; exit 1; }
  if [ -n "$owner" ]; then
    own || { cat "$base/lock" >>"$dir/log"; finish 1 busy; exit 1; }
    tidy 5>&- &
  fi
  (
    umask "$mask"
    export "$token=1"
    exec setsid "$0" -c "$command"
  ) </dev/null >>"$dir/log" 2>&1 5>&- &
  suite=$!
  suite_start=-
  look "$suite" && suite_start=$start
  put suite "$suite $suite_start"
  watch &
  watchdog=$!
  wait "$suite"
  code=$?
  put ended "$code"
  kill "$watchdog" 2>/dev/null
  wait "$watchdog"
  get swept
  if [ -n "$got" ]; then
    leaked=${got% *} left=${got#* }
  else
    # It had not come to its trap yet, or the suite has killed it.
    end_run
  fi
  get reason
  finish "$code" "${got:-exit}"
}
# The host is for one item at a time. The kernel gives the lock back when the last process that holds it is gone: the supervisor,
# and its watchdog for as long as that still ends the run. What is written in the file only says whose it is.
own() {
  exec 5>>"$base/lock"
  tries=0
  # Somebody may only be looking whether it is free.
  until flock -n 5; do
    tries=$((tries + 1))
    [ "$tries" -lt 25 ] || return 1
    sleep "$short"
  done
  printf '%s\n' "$owner" >"$base/lock"
}
# Removes run directories: all but the newest 60, and those of more than 14 days. None whose supervisor may live.
tidy() {
  kept=0
  ls -1t "$base" | while IFS= read -r name; do
    case $name in .* | *[!A-Za-z0-9._-]*) continue ;; esac
    dir=$base/$name
    [ -d "$dir" ] && [ ! -L "$dir" ] && { [ -f "$dir/limits" ] || [ -d "$dir/claimed" ]; } || continue
    kept=$((kept + 1))
    [ "$kept" -gt 60 ] || [ -n "$(find "$dir" -prune -mtime +14)" ] || continue
    judge
    [ -z "$gone$ended" ] || rm -rf "$dir"
  done
}
# Kept in the run directory too, for a later kill whose supervisor is gone.
read_limits() {
  read -r token tick short timeout lease grace most_log <"$dir/limits"
  # busybox's does not look past a zero byte.
  greps=
  [ "$(printf 'x\0%s=\n' "$token" | grep -cF "$token=")" != 1 ] || greps=1
}

fit() {
  [ -d "$workdir" ] || { verdict='permanent workdir-missing'; return 1; }
  [ -x "$workdir" ] || { verdict='permanent workdir-unusable'; return 1; }
  case $program in
    '') ;;
    */*)
      at=$(cd "$workdir" && [ -e "$program" ] && { [ -f "$program" ] && [ -x "$program" ] && echo ok || echo no; })
      [ -n "$at" ] || { verdict='permanent command-not-found'; return 1; }
      [ "$at" = ok ] || { verdict='permanent not-executable'; return 1; } ;;
    *) command -v "$program" >/dev/null || { verdict='permanent command-not-found'; return 1; } ;;
  esac
  for tool in setsid stat df dd mv sleep cat grep ${owner:+flock}; do
    command -v "$tool" >/dev/null || { verdict='permanent tool-missing'; return 1; }
  done
  look $$ || { verdict='permanent no-process-table'; return 1; }
  mkdir -p "$base" && [ -d "$base" ] && [ ! -L "$base" ] && [ -O "$base" ] && [ -w "$base" ] ||
    { verdict='permanent run-folder'; return 1; }
  chmod 700 "$base" || { verdict='permanent run-folder'; return 1; }
}
enough() {
  free
  [ "$least" != - ] && [ "$least" -ge "$need_free" ]
}
allocate() {
  for name in supervisor suite watchdog ended lease reason swept kill exit.new; do
    put "$name" '' || return 1
  done
  printf %s "$command" >"$dir/command" || return 1
  [ -z "$sweep" ] || printf '%s\n' "$sweep" >"$dir/sweep" || return 1
  : >"$dir/log" && printf '%s\n' "$token $tick $short $timeout $lease $grace $most_log" >"$dir/limits"
}

begin() {
  [ ! -d "$dir" ] || { frame exists; return; }
  fit || { frame env "$verdict"; exit 0; }
  mkdir "$dir" 2>/dev/null || {
    [ -d "$dir" ] || { frame env permanent run-folder; exit 0; }
    frame exists
    return
  }
  enough && allocate || { rm -rf "$dir"; frame env permanent disk-full; exit 0; }
  # Nothing is said between taking the name and this: a connection that is lost meanwhile does not keep it from being there.
  ILK_DIR=$dir ILK_WORKDIR=$workdir ILK_MASK=$mask ILK_OWNER=$owner S=$S \
    setsid "$0" -c 'eval "$S"' "$0" supervise </dev/null >/dev/null 2>&1 3<&- &
  frame env ok fit
  await suite && frame started "${got%% *}"
}
# got: a record that somebody else writes. Bounded: false if it does not come.
await() {
  tries=0
  while get "$1" && [ -z "$got" ] && [ ! -f "$dir/exit" ] && [ ! -d "$dir/claimed/by-nobody" ] && [ "$tries" -lt 250 ]; do
    sleep "$short"
    tries=$((tries + 1))
  done
  [ -n "$got" ]
}
# The supervisor lives, or the run has ended, or gone says what became of it.
judge() {
  gone= ended=
  [ ! -f "$dir/exit" ] || { ended=1; return; }
  get supervisor
  set -- $got
  [ $# -eq 3 ] || { gone=supervisor; return; }
  boot
  [ "$3" = "$boot_id" ] || { gone=rebooted; return; }
  alive "$1" "$2" && return
  [ -f "$dir/exit" ] && ended=1 || gone=supervisor
}
beats() {
  while IFS= read -r beat; do
    put lease "$beat"
  done
}

# True if no supervisor has begun, and from now on none will.
claim() {
  mkdir "$dir/claimed" 2>/dev/null && mkdir "$dir/claimed/by-nobody"
  [ -d "$dir/claimed/by-nobody" ]
}

attach() {
  [ -d "$dir" ] || { frame lost unknown; return; }
  if ! await supervisor && [ ! -f "$dir/exit" ]; then
    claim && { frame lost never-started; return; }
    await supervisor || { frame lost supervisor; return; }
  fi
  [ -f "$dir/log" ] || { frame lost unknown; return; }
  beats <&3 &
  reader=$!
  log_size
  [ "$offset" -le "$size" ] || offset=$size
  # The descriptor's place in the log moves along with what is sent.
  exec 4<"$dir/log"
  dd bs=1048576 count=$((offset / 1048576)) <&4 >/dev/null 2>&1
  [ $((offset % 1048576)) -eq 0 ] || dd bs=$((offset % 1048576)) count=1 <&4 >/dev/null 2>&1
  frame attached "$offset"
  turns=0
  while :; do
    judge
    log_size
    while [ "$offset" -lt "$size" ]; do
      length=$((size - offset))
      [ "$length" -le 1048576 ] || length=1048576
      frame data "$offset" "$length"
      dd bs="$length" count=1 <&4 2>/dev/null || exit 1
      offset=$((offset + length))
    done
    [ -z "$gone" ] || { frame lost "$gone"; break; }
    # Asked before the log's size was: what the log has now is all of it.
    [ -z "$ended" ] || { get exit; frame exit "$got"; break; }
    frame tick "$offset"
    # A short run is seen at once, a long one costs little.
    turns=$((turns + 1))
    [ "$turns" -gt 50 ] && sleep "$pause" || sleep "$short"
  done
  kill "$reader" 2>/dev/null
}

end() {
  # A start that is still on its way finds the name taken: what was killed never begins.
  mkdir -p "$base" && mkdir "$dir" 2>/dev/null
  claim && { frame killed 0; return; }
  await supervisor
  put kill now
  get watchdog
  set -- $got
  [ $# -eq 2 ] && alive "$1" "$2" && kill -TERM "$1"
  left_turns=$((grace * 50 + 500))
  # The supervisor ends the run; if it does not, we do.
  while judge; [ -z "$gone$ended" ] && [ "$left_turns" -gt 0 ]; do
    frame tick 0
    sleep "$short"
    left_turns=$((left_turns - 1))
  done
  if [ -n "$ended" ]; then
    get exit
    set -- $got
    frame killed "${4:--}"
  elif [ "$gone" = rebooted ]; then
    frame killed 0
  else
    get supervisor
    set -- $got
    born=${2:-}
    get suite
    set -- $got
    suite=${1:-} suite_start=${2:-} known=
    whole "$born" && whole "$suite" && read_limits && [ -n "$token" ] || { frame killed -; return; }
    end_run
    frame killed "$left"
  fi
}

if [ "${1:-}" = supervise ]; then
  supervise
else
  exec 2>/dev/null 3<&0
  mask=$(umask)
  umask 077
  for name in nonce mode id base offset workdir command program token owner sweep tick timeout lease grace need_free most_log; do
    take
    eval "$name=\$value"
  done
  case $nonce in '' | *[!0-9a-f]*) exit 2 ;; esac
  boot
  frame hello 1 "$boot_id"
  short=0.02 pause=0.5
  sleep 0.01 || short=1 pause=1
  for number in "$offset" "$timeout" "$lease" "$grace" "$need_free" "$most_log"; do
    whole "$number" || { frame env permanent parameters; exit 0; }
  done
  case $id in '' | .* | *[!A-Za-z0-9._-]*) frame env permanent parameters; exit 0 ;; esac
  # Whatever has a variable of this name is ended: it must be nobody else's.
  case $token in *[!A-Za-z0-9_]*) token= ;; esac
  case $token in ILK_RUN_????????*) ;; *) frame env permanent parameters; exit 0 ;; esac
  # A sleep that fails would make every limit come at once.
  case $tick in
    [1-9] | [1-9][0-9]) ;;
    0.[1-9]) [ "$short" != 1 ] || { frame env permanent parameters; exit 0; } ;;
    *) frame env permanent parameters; exit 0 ;;
  esac
  case $base in '~/'*) base=$HOME/${base#??} ;; esac
  case $base in /*) ;; *) frame env permanent parameters; exit 0 ;; esac
  dir=$base/$id
  case $mode in
    start) begin; attach ;;
    attach) attach ;;
    kill) end ;;
    *) frame env permanent parameters ;;
  esac
fi
