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

complete -c regwait -f
complete -c regwait -n __fish_use_subcommand -l help -d 'Say what there is'
complete -c regwait -n __fish_use_subcommand -l version -d 'Print the version'
complete -c regwait -n __fish_use_subcommand -a check -d 'Tell whether this system and a program can gain'
complete -c regwait -n __fish_use_subcommand -a run -d 'Run a program with registered waits'
complete -c regwait -n __fish_use_subcommand -a stat -d 'Show what happens in running programs'
complete -c regwait -n __fish_use_subcommand -a set -d 'Change the mode of a running program'
complete -c regwait -n __fish_use_subcommand -a compare -d 'Measure what a program gains'
complete -c regwait -n __fish_use_subcommand -a env -d 'List the environment variables'

complete -c regwait -n '__fish_seen_subcommand_from check run stat set compare env' -l help -d 'Help'
complete -c regwait -n '__fish_seen_subcommand_from check run stat compare env' -l json -d 'As JSON'

complete -c regwait -n '__fish_seen_subcommand_from check' -F -a '(__regwait_processes)' -d Process
complete -c regwait -n '__fish_seen_subcommand_from check run compare' -F -a '(__fish_complete_command)'

complete -c regwait -n '__fish_seen_subcommand_from run' -l observe -d 'Change nothing, count, and predict'
complete -c regwait -n '__fish_seen_subcommand_from run' -l ab -d 'A coin decides for each wait'
complete -c regwait -n '__fish_seen_subcommand_from run' -l aa -d 'The same, plain on both sides'
complete -c regwait -n '__fish_seen_subcommand_from run' -l off -d 'Pass every call on'
complete -c regwait -n '__fish_seen_subcommand_from run' -l children -d 'Act in children as well'
complete -c regwait -n '__fish_seen_subcommand_from run' -l exec -d 'Become the program, and say nothing'
complete -c regwait -n '__fish_seen_subcommand_from run' -l require -d 'Exit with 3 if no timed wait was registered'
complete -c regwait -n '__fish_seen_subcommand_from run' -l stats -d 'All counts'
complete -c regwait -n '__fish_seen_subcommand_from run' -l quiet -d 'No line'
complete -c regwait -n '__fish_seen_subcommand_from run' -l output -r -F -d 'Say it in a file'

complete -c regwait -n '__fish_seen_subcommand_from stat' -a '(__regwait_processes)' -d Process
complete -c regwait -n '__fish_seen_subcommand_from stat' -s i -x -d 'Again every so many seconds'
complete -c regwait -n '__fish_seen_subcommand_from stat' -s n -x -d 'So often at the most'
complete -c regwait -n '__fish_seen_subcommand_from stat' -l openmetrics -d 'For Prometheus'
complete -c regwait -n '__fish_seen_subcommand_from stat' -l list -d 'Process ids and programs only'
complete -c regwait -n '__fish_seen_subcommand_from stat' -l clean -d 'Remove stats pages of processes that are gone'

complete -c regwait -n '__fish_seen_subcommand_from set; and __regwait_at_pid' -a '(__regwait_processes)' -d Process
complete -c regwait -n '__fish_seen_subcommand_from set; and __regwait_at_mode' -a 'on off observe ab aa'

complete -c regwait -n '__fish_seen_subcommand_from compare' -l metric -x -d 'Judge by a figure in its output'
complete -c regwait -n '__fish_seen_subcommand_from compare' -l input -r -F -d 'What every run reads'
complete -c regwait -n '__fish_seen_subcommand_from compare' -l show-output -d 'Pass on what it prints'
complete -c regwait -n '__fish_seen_subcommand_from compare' -l ignore-failure -d 'Judge although both fail'
complete -c regwait -n '__fish_seen_subcommand_from compare' -l larger -d 'A larger figure is better'
complete -c regwait -n '__fish_seen_subcommand_from compare' -l baseline -x -a none -d 'Compare with'
complete -c regwait -n '__fish_seen_subcommand_from compare' -l judge -x -a 'wall cpu' -d 'Judge by'
complete -c regwait -n '__fish_seen_subcommand_from compare' -l aa -d 'Off in both variants'
complete -c regwait -n '__fish_seen_subcommand_from compare' -l ringfd -x -a 'auto off' -d 'REGWAIT_RINGFD in the on variant'
complete -c regwait -n '__fish_seen_subcommand_from compare' -l pairs -x -d 'At the most'
complete -c regwait -n '__fish_seen_subcommand_from compare' -l budget -x -d 'Start no more runs after so many seconds'
complete -c regwait -n '__fish_seen_subcommand_from compare' -l same-output -d 'Refuse if outputs differ'
complete -c regwait -n '__fish_seen_subcommand_from compare' -l report -r -F -d 'Write a report'
complete -c regwait -n '__fish_seen_subcommand_from compare' -l seed -x -d 'Of coin and bootstrap'
complete -c regwait -n '__fish_seen_subcommand_from compare' -l attach -x -a '(__regwait_processes)' -d 'Slices of a running process'
complete -c regwait -n '__fish_seen_subcommand_from compare' -l slice -x -d 'Seconds of a slice'
