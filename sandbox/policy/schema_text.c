// SPDX-License-Identifier: Apache-2.0
/*
 * schema_text.c - configs/cordon.schema.json inside the program: what editors show and what is enforced are one file.
 */
#include "sandbox/policy/schema_text.h"

__asm__(".pushsection .rodata\n"
	"cordon_schema_begin: .incbin \"configs/cordon.schema.json\"\n"
	"cordon_schema_end: .byte 0\n"
	".popsection\n");

extern const char begin[] __asm__("cordon_schema_begin");
extern const char end[] __asm__("cordon_schema_end");

struct cordon_slice policy_schema_text(void)
{
	return (struct cordon_slice){ begin, (size_t)(end - begin) };
}
