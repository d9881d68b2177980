// The shell script of the watcher. It must run in every shell that a system may have as /bin/sh: dash, bash, busybox, ksh, mksh,
// zsh.
import { constants } from "node:os";

/**
 * The script, which only uses commands that are built into a shell. xrole sends it lines on descriptor 3:
 * - `=PID TEXT`, before the command is started: the process id of xrole, and a text that only the command's environment contains;
 * - a number: the process id of the command;
 * - any other line: the shell answers with the same line.
 * It reports each signal by its number. When the lines end, because xrole is gone, it kills the command and its descendants.
 * @param signals the numbers of the signals that it reports
 */
export const script = (signals: readonly number[]): string =>
  [
    ": ends a command whose parent was killed",
    "PATH=/bin:/usr/bin",
    "exec <&3 >&3",
    `trap "" ${constants.signals.SIGPIPE}`,
    ...signals.map((signal) => `trap "echo ${signal}; got=1" ${signal}`),
    // Whether /proc belongs to this process's PID namespace; otherwise a number in it may refer to another process.
    'has_proc() { read -r line 2>/dev/null </proc/self/stat && [ "${line%% *}" = $$ ]; }',
    // Sets `parent` and `began` of process $1. Its name, in parentheses, may contain any characters. Source: proc(5),
    // /proc/pid/stat.
    'look() { fields=; while read -r line || [ "$line" ]; do fields="$fields $line"; done </proc/$1/stat; set -- ${fields##*") "}; parent=$2 began=${20}; }',
    'holds_mark() { while IFS= read -r line || [ "$line" ]; do case $line in *"$mark"*) return 0;; esac; done </proc/$1/environ; return 1; }',
    'list() { kids=; for at in /proc/$1/task/*/children; do line=; read -r line <$at; kids="$kids${line:+ $line}"; done; }',
    // Children of a stopped process remain its children.
    "finish() { kill -STOP $1; has_proc && list $1 && for kid in $kids; do finish $kid; done; kill -KILL $1; }",
    // xrole was killed before it could send the command's number. The command has the same new parent as this shell, is not older,
    // and holds the role. Until it is executed, it shares xrole's end of descriptor 3, so the lines do not end before that.
    "find() { has_proc || return; look $$; while [ $parent = $xrole ]; do look $$; done; reaper=$parent since=$began; list $reaper; for at in ${kids:-/proc/[1-9]*}; do found=${at##*/}; look $found; " +
      '[ "$parent" = $reaper ] && [ $found != $$ ] && [ $began -ge $since ] && holds_mark $found && finish $found; done; }',
    // A signal interrupts `read`, which then fails as at the end of the lines. The command's /proc file, once open, never belongs
    // to another process with the same number; systems without /proc take long to reuse a number.
    'while got=; read -r word || [ "$got" ]; do case $word in =*) word=${word#=} xrole=${word%% *} mark=${word#* } word=;; [1-9]*) pid=$word word=watching; has_proc && exec 4</proc/$pid/stat && open=1;; esac; [ "$word" ] && echo "$word"; word=; done',
    `trap "" ${signals.join(" ")}`,
    'if [ ! "$pid" ]; then [ "$xrole" ] && find; elif [ ! "$open" ] || read -r line <&4; then finish $pid; fi',
  ].join("\n");
