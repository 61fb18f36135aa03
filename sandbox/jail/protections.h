/* SPDX-License-Identifier: Apache-2.0 */
/*
 * protections.h - what holds a call and is a row of no other table (those are launch_steps.h, filter_table.c and
 * plan_rows.h), each with the attack that reaches its goal without it, and what else holds that attack, as there.
 */
#ifndef JAIL_PROTECTIONS_H
#define JAIL_PROTECTIONS_H

/* name, where it acts, reason, attack, what else holds it */
#define PROTECTIONS(X)                                                                                                 \
	X("limit-wall", "watch.c", "a call ends", "ignore-term", "")                                                   \
	X("limit-cpu", "watch.c", "all processes together, dead ones too", "spin", "")                                 \
	X("limit-memory", "watch.c", "all processes together, and their files in memory", "memory-hog", "")            \
	X("limit-disk", "watch.c", "all writable places together", "fill-disk-many", "")                               \
	X("limit-names", "watch.c", "inodes run out before bytes do", "many-names", "")                                \
	X("limit-output", "stream.c", "both streams together", "flood-output", "")                                     \
	X("input-copy", "stream.c", "only a pipe is handed over: a file can be opened again", "reopen-input",          \
	  "landlock")                                                                                                  \
	X("environment", "plan.c", "the caller's holds tokens", "leaked-environment", "")                              \
	X("host-id", "plan.c", "started by root: an id that owns nothing", "read-roots-file", "")                      \
	X("sweep-links", "leftover.c", "a link that leads outside waits for the next reader", "plant-link", "")        \
	X("sweep-processes", "launch_sweep.c", "rung 3: nothing is left running", "outlive-fork", "")                  \
	X("channel-end", "launch_main.c", "the supervisor's end is the end of the call", "outlive-supervisor",         \
	  "die-with-supervisor")                                                                                       \
	X("helper-descriptors", "program.c", "what the caller has open stays with the caller", "leaked-descriptor",    \
	  "close-descriptors")                                                                                         \
	X("helper-streams", "program.c", "and so do its own three", "flood-output", "standard-streams")                \
	X("architecture", "filter_gen.c", "numbers mean other calls there", "compat-call", "")

#endif
