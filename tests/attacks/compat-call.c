/* goal: makes 32-bit system calls, which a 64-bit filter misreads | rungs: 1 2 3 | user: any */
/* SPDX-License-Identifier: Apache-2.0 */
#include "attack.h"

#if defined(__x86_64__)
/* A kernel without the gate answers with a signal. */
static void no_gate(int number)
{
	(void)number;
	_exit(getenv("PLAIN") ? NOT_HERE : CONTAINED);
}
#endif

static int attack(void)
{
#if defined(__x86_64__)
	long number = 20; /* getpid of i386 */

	signal(SIGSEGV, no_gate);
	__asm__ volatile("int $0x80" : "+a"(number) : : "memory", "r8", "r9", "r10", "r11");
	return number > 0 ? REACHED : getenv("PLAIN") ? NOT_HERE : CONTAINED;
#else
	return NOT_HERE;
#endif
}
