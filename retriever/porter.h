/* SPDX-License-Identifier: Apache-2.0 */
/*
 * porter.h - English words brought to their stem.
 */
#ifndef RETRIEVER_PORTER_H
#define RETRIEVER_PORTER_H

#include <stddef.h>

/* Stems the lower-case ASCII word in place and returns its new length, which is never greater. */
size_t porter_stem(char *word, size_t len);

#endif
