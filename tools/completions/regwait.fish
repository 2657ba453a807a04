# SPDX-License-Identifier: MIT
# Completion of regwait for fish.

function __regwait_processes
    set -l command (commandline -opc)[1]
    $command stat --list 2>/dev/null | string replace ' ' \t
end

function __regwait_at_mode
    test (count (commandline -opc)) -eq 3
end

function __regwait_at_pid
    test (count (commandline -opc)) -eq 2
end

# Where the program's own command line begins among the words before the cursor: nothing if it has not.
function __regwait_program_at
    set -l words (commandline -opc)
    set -l i 3
    while test $i -le (count $words)
        switch $words[$i]
            case --
                test $i -lt (count $words); and math $i + 1
                return
            case --metric --input --judge --baseline --ringfd --spin --taskrun --pairs --budget --report --output --seed --attach --slice
                set i (math $i + 1)
            case '-*'
            case '*'
                echo $i
                return
        end
        set i (math $i + 1)
    end
end

function __regwait_options_of
    __fish_seen_subcommand_from $argv
    and not contains -- -- (commandline -opc)
    and test -z (__regwait_program_at)
end

function __regwait_in_program
    __fish_seen_subcommand_from run compare
    and test -n (__regwait_program_at)
end

# What the program's own completions offer.
function __regwait_complete_program
    set -l words (commandline -opc)
    set -l at (__regwait_program_at)
    set -l line (string join ' ' -- (string escape -- $words[$at..-1]) (commandline -ct))
    complete --do-complete="$line"
end

complete -c regwait -f
complete -c regwait -n __regwait_in_program -a '(__regwait_complete_program)'
complete -c regwait -n __fish_use_subcommand -l help -d 'Say what there is'
complete -c regwait -n __fish_use_subcommand -l version -d 'Print the version'
complete -c regwait -n __fish_use_subcommand -a check -d 'Tell whether this system and a program can gain'
complete -c regwait -n __fish_use_subcommand -a run -d 'Run a program with registered waits'
complete -c regwait -n __fish_use_subcommand -a stat -d 'Show what happens in running programs'
complete -c regwait -n __fish_use_subcommand -a set -d 'Change the mode of a running program'
complete -c regwait -n __fish_use_subcommand -a compare -d 'Measure what a program gains'
complete -c regwait -n __fish_use_subcommand -a sites -d 'List the system calls that a program makes by itself'
complete -c regwait -n __fish_use_subcommand -a env -d 'List the environment variables'

complete -c regwait -n '__regwait_options_of check run stat set compare sites env' -l help -d 'Help'
complete -c regwait -n '__regwait_options_of check run stat compare sites env' -l json -d 'As JSON'

complete -c regwait -n '__fish_seen_subcommand_from check' -F -a '(__regwait_processes)' -d Process
complete -c regwait -n '__fish_seen_subcommand_from check run compare; and not __regwait_in_program' -F -a '(__fish_complete_command)'

complete -c regwait -n '__regwait_options_of run' -l observe -d 'Change nothing, count, and predict'
complete -c regwait -n '__regwait_options_of run' -l ab -d 'A coin decides for each wait'
complete -c regwait -n '__regwait_options_of run' -l aa -d 'The same, plain on both sides'
complete -c regwait -n '__regwait_options_of run' -l spin -x -a 'off auto 50' -d 'Waits look before they sleep'
complete -c regwait -n '__regwait_options_of run' -l sites -d 'Patch its system call instructions'
complete -c regwait -n '__regwait_options_of run' -l off -d 'Pass every call on'
complete -c regwait -n '__regwait_options_of run' -l children -d 'Act in children as well'
complete -c regwait -n '__regwait_options_of run' -l exec -d 'Become the program itself'
complete -c regwait -n '__regwait_options_of run' -l require -d 'Exit with 3 if no timed wait was registered'
complete -c regwait -n '__regwait_options_of run' -l stats -d 'All counts'
complete -c regwait -n '__regwait_options_of run' -l quiet -d 'No line'
complete -c regwait -n '__regwait_options_of run' -l output -r -F -d 'Say it in a file'

complete -c regwait -n '__fish_seen_subcommand_from stat' -a '(__regwait_processes)' -d Process
complete -c regwait -n '__fish_seen_subcommand_from stat' -s i -x -d 'Again every so many seconds'
complete -c regwait -n '__fish_seen_subcommand_from stat' -s n -x -d 'So often at the most'
complete -c regwait -n '__fish_seen_subcommand_from stat' -l openmetrics -d 'For Prometheus'
complete -c regwait -n '__fish_seen_subcommand_from stat' -l list -d 'Process ids and programs only'
complete -c regwait -n '__fish_seen_subcommand_from stat' -l clean -d 'Remove stats pages of processes that are gone'

complete -c regwait -n '__fish_seen_subcommand_from set; and __regwait_at_pid' -a '(__regwait_processes)' -d Process
complete -c regwait -n '__fish_seen_subcommand_from set; and __regwait_at_mode' -a 'on off observe ab aa'

complete -c regwait -n '__regwait_options_of compare' -l metric -x -d 'Judge by a figure in its output'
complete -c regwait -n '__regwait_options_of compare' -l input -r -F -d 'What every run reads'
complete -c regwait -n '__regwait_options_of compare' -l show-output -d 'Pass on what it prints'
complete -c regwait -n '__regwait_options_of compare' -l ignore-failure -d 'Judge although both fail'
complete -c regwait -n '__regwait_options_of compare' -l larger -d 'A larger figure is better'
complete -c regwait -n '__regwait_options_of compare' -l baseline -x -a none -d 'Compare with'
complete -c regwait -n '__regwait_options_of compare' -l judge -x -a 'wall cpu' -d 'Judge by'
complete -c regwait -n '__regwait_options_of compare' -l aa -d 'Off in both variants'
complete -c regwait -n '__regwait_options_of compare' -l ringfd -x -a 'auto off' -d 'REGWAIT_RINGFD in the on variant'
complete -c regwait -n '__regwait_options_of compare' -l spin -x -a 'off auto 50' -d 'REGWAIT_SPIN in the on variant'
complete -c regwait -n '__regwait_options_of compare' -l taskrun -x -a 'asis coop' -d 'REGWAIT_TASKRUN in the on variant'
complete -c regwait -n '__regwait_options_of compare' -l sites -d 'Patch its system call instructions'
complete -c regwait -n '__regwait_options_of sites' -l write -r -F -d 'Write plans'
complete -c regwait -n '__fish_seen_subcommand_from sites' -F
complete -c regwait -n '__regwait_options_of compare' -l pairs -x -d 'At the most'
complete -c regwait -n '__regwait_options_of compare' -l budget -x -d 'Start no more runs after so many seconds'
complete -c regwait -n '__regwait_options_of compare' -l same-output -d 'Refuse if outputs differ'
complete -c regwait -n '__regwait_options_of compare' -l report -r -F -d 'Write a page'
complete -c regwait -n '__regwait_options_of compare' -l seed -x -d 'Of coin and bootstrap'
complete -c regwait -n '__regwait_options_of compare' -l attach -x -a '(__regwait_processes)' -d 'Slices of a running process'
complete -c regwait -n '__regwait_options_of compare' -l slice -x -d 'Seconds of a slice'
