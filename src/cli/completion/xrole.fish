# Completion of xrole for fish: xrole completion fish | source, or as ~/.config/fish/completions/xrole.fish
function __xrole_complete
    set -l before (commandline -opc)
    set -l current (commandline -ct)
    set -l lines (command xrole __complete fish -- $before[2..] $current 2>/dev/null </dev/null)
    switch "$lines[1]"
        case :files
            __fish_complete_path $current
        case ':command *'
            # What follows is another command, with a completion of its own.
            set -e before[1..(string sub -s 10 -- $lines[1])]
            complete -C (string join -- ' ' (string escape -- $before) "$current")
        case :words
            printf '%s\n' $lines[2..]
    end
end
complete -c xrole -f -a '(__xrole_complete)'
