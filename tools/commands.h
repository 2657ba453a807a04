/* SPDX-License-Identifier: MIT */
/*
 * The commands. argv[0] is the name of the command; each returns its exit code.
 */
#ifndef REGWAIT_COMMANDS_H
#define REGWAIT_COMMANDS_H

int command_check(int argc, char **argv);
int command_run(int argc, char **argv);
int command_stat(int argc, char **argv);
int command_set(int argc, char **argv);
int command_compare(int argc, char **argv);
int command_sites(int argc, char **argv);
int command_env(int argc, char **argv);

#endif
