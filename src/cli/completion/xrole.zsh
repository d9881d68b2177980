#compdef xrole
# Completion of xrole for zsh, after compinit: eval "$(xrole completion zsh)", or as a file _xrole in a folder of fpath.
_xrole() {
  local at=${words[(i)--]} line
  # What follows -- is another command, with a completion of its own.
  if ((at < CURRENT)); then
    shift $at words
    ((CURRENT -= at))
    _normal
    return
  fi
  local -a lines values texts
  lines=("${(@f)$(command xrole __complete zsh -- "${(@Q)words[2,CURRENT-1]}" "${(Q)PREFIX}" 2>/dev/null </dev/null)}")
  case $lines[1] in
    :files)
      compset -P '--*='
      _files
      ;;
    :command*)
      at=${lines[1]#:command }
      shift $at words
      ((CURRENT -= at))
      _normal
      ;;
    :words)
      for line in "${(@)lines[2,-1]}"; do
        values+=("${line%%$'\t'*}")
        [[ $line == *$'\t'* ]] && texts+=("${line%%$'\t'*}  -- ${line#*$'\t'}")
      done
      if (($#texts)); then compadd -l -d texts -a -- values; else compadd -a -- values; fi
      ;;
  esac
}
if [[ $funcstack[1] == _xrole ]]; then _xrole "$@"; else compdef _xrole xrole; fi
