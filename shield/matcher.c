// SPDX-License-Identifier: Apache-2.0
/*
 * matcher.c - all patterns at once over a folded view.
 *
 * Below, an Aho-Corasick automaton finds the alternatives of all slots. Above, each rule remembers for each of its slots
 * where it was last completed: a slot that is found within the gap after its predecessor moves on, and the last one
 * is a hit. The two latest places are kept, because one word may fill a slot and the next at once. So a byte costs one
 * step, a word one look at each rule that names it, and no text makes it more.
 */
#include "shield/matcher.h"

#include <stdlib.h>
#include <string.h>

#include "sandbox/base/err.h"
#include "sandbox/base/slice.h"
#include "sandbox/base/utf8.h"
#include "shield/fold.h"

#define SLOTS_MAX 5
#define RULES_MAX 512
#define GROUPS_MAX 1024
#define NODES_MAX 60000
#define LITERAL_MAX 96
#define FORGET 2000 /* words, or squeezed bytes: more than any gap */
#define SQUEEZED_GAP 8 /* bytes that a word and its space take */

struct node {
	uint32_t fail, dictionary; /* the longest proper end that is a node; that is the end of a literal */
	uint32_t child, sibling; /* 0: none */
	uint32_t literal; /* index + 1 of the first literal that ends here */
	unsigned char byte;
};

struct literal {
	uint32_t next; /* index + 1: another that ends at the same node */
	uint16_t group;
	uint16_t len;
	uint8_t words; /* spaces and unspaced characters that it goes over */
	bool space_before, space_after; /* part of len */
};

/* Alternatives that share their users: a named set, or a slot's own. */
struct group {
	struct cordon_slice text;
	uint32_t users; /* index + 1 into users */
};

struct user {
	uint32_t next;
	uint16_t rule;
	uint8_t slot;
};

struct slot_place {
	int64_t word; /* number of its last word; 0: never completed */
	size_t from; /* where the whole match began */
};

struct compiled {
	const struct rule *rule;
	uint8_t slots;
	uint16_t gap[SLOTS_MAX]; /* before each slot */
	struct slot_place last[SLOTS_MAX], older[SLOTS_MAX];
};

struct matcher {
	enum matcher_spacing spacing;
	struct node *nodes;
	size_t node_count, node_room;
	struct literal *literals;
	size_t literal_count, literal_room;
	struct user *users;
	size_t user_count, user_room;
	struct group groups[GROUPS_MAX];
	size_t group_count;
	struct compiled rules[RULES_MAX];
	size_t rule_count;
	uint32_t root[256], spaced[256]; /* children of the root and of " ": where most bytes are looked up */
	uint32_t space;
	int64_t words; /* where the next run begins to count: far from all that is remembered */
};

struct position {
	struct matcher *matcher;
	int64_t words; /* spaces and unspaced characters gone over */
	size_t at; /* the byte just read */
	matcher_found found;
	void *context;
};

/* ---- building ---- */

/* Makes room for one more element of an array that doubles. */
static int grow(void **array, size_t count, size_t *room, size_t size, struct cordon_err *err)
{
	size_t wanted = *room ? *room * 2 : 1024;
	void *bigger;

	if (count < *room)
		return 0;
	bigger = realloc(*array, wanted * size);
	if (!bigger)
		return err_nomem(err);
	*array = bigger;
	*room = wanted;
	return 0;
}

static uint32_t child_of(const struct matcher *matcher, uint32_t node, unsigned char byte)
{
	uint32_t child;

	if (!node)
		return matcher->root[byte];
	if (node == matcher->space)
		return matcher->spaced[byte];
	child = matcher->nodes[node].child;
	while (child && matcher->nodes[child].byte != byte)
		child = matcher->nodes[child].sibling;
	return child;
}

static int add_node(struct matcher *matcher, uint32_t parent, unsigned char byte, struct cordon_err *err)
{
	void *nodes = matcher->nodes;
	uint32_t node = (uint32_t)matcher->node_count;
	int rc = grow(&nodes, matcher->node_count, &matcher->node_room, sizeof(struct node), err);

	if (rc < 0)
		return rc;
	if (matcher->node_count == NODES_MAX)
		return err_set(err, CORDON_ELIMIT, 0, "more than %d nodes of patterns", NODES_MAX);
	matcher->nodes = nodes;
	matcher->nodes[node] = (struct node){ .byte = byte };
	matcher->node_count++;
	if (!node)
		return 0;
	matcher->nodes[node].sibling = matcher->nodes[parent].child;
	matcher->nodes[parent].child = node;
	if (!parent)
		matcher->root[byte] = node;
	if (!parent && byte == ' ')
		matcher->space = node;
	if (parent && parent == matcher->space)
		matcher->spaced[byte] = node;
	return 0;
}

/* "system_prompt" as the folded text spells it, with its spaces; returns its length, 0 where it is too long. */
static size_t spell(struct cordon_slice text, enum matcher_spacing spacing, char *out, struct literal *literal)
{
	uint32_t first = 0;
	bool prefix = text.len && text.data[text.len - 1] == '*';
	bool squeezed = spacing == MATCHER_SQUEEZED;
	size_t len = 0;

	text.len -= prefix;
	if (!utf8_decode(text, &first) || text.len + 2 > LITERAL_MAX)
		return 0;
	*literal = (struct literal){ .space_before = !squeezed && !fold_is_unspaced(first),
				     .space_after = !squeezed && !fold_is_unspaced(first) && !prefix };
	if (literal->space_before)
		out[len++] = ' ';
	for (size_t i = 0; i < text.len; i++) {
		if (text.data[i] == '_' && squeezed)
			continue;
		if (text.data[i] == '_' || (fold_is_unspaced(first) && (text.data[i] & 0xc0) == 0xc0))
			literal->words++;
		out[len++] = text.data[i] == '_' ? ' ' : text.data[i];
	}
	if (literal->space_before)
		literal->words++;
	if (literal->space_after)
		out[len++] = ' ';
	literal->len = (uint16_t)len;
	return len;
}

static int add_literal(struct matcher *matcher, struct cordon_slice text, size_t group, struct cordon_err *err)
{
	char bytes[LITERAL_MAX];
	struct literal literal = { 0 };
	size_t len = spell(text, matcher->spacing, bytes, &literal);
	void *literals = matcher->literals;
	uint32_t node = 0;
	int rc = grow(&literals, matcher->literal_count, &matcher->literal_room, sizeof(literal), err);

	if (rc < 0)
		return rc;
	matcher->literals = literals;
	if (!len || text.data[0] == '@')
		return err_set(err, CORDON_EINVAL, 0, "'%.*s' is neither a word nor a set", (int)text.len, text.data);
	for (size_t i = 0; i < len; i++) {
		uint32_t next = child_of(matcher, node, (unsigned char)bytes[i]);

		if (!next) {
			next = (uint32_t)matcher->node_count;
			rc = add_node(matcher, node, (unsigned char)bytes[i], err);
			if (rc < 0)
				return rc;
		}
		node = next;
	}
	literal.group = (uint16_t)group;
	literal.next = matcher->nodes[node].literal;
	matcher->literals[matcher->literal_count] = literal;
	matcher->nodes[node].literal = (uint32_t)++matcher->literal_count;
	return 0;
}

/* The text up to `end`, which is taken off the front of *rest with it. */
static struct cordon_slice cut(struct cordon_slice *rest, char end)
{
	const char *at = rest->len ? memchr(rest->data, end, rest->len) : NULL;
	struct cordon_slice part = { rest->data, at ? (size_t)(at - rest->data) : rest->len };

	*rest = slice_from(*rest, part.len + 1);
	return part;
}

static const struct rule_set *find_set(struct cordon_slice name)
{
	for (size_t i = 0; i < rule_set_count; i++)
		if (slice_is(name, rule_sets[i].name))
			return &rule_sets[i];
	return NULL;
}

/* Each of the alternatives; "@name" stands for those of a set. */
static int add_alternatives(struct matcher *matcher, struct cordon_slice text, size_t group, struct cordon_err *err)
{
	int rc = 0;

	while (text.len && rc == 0) {
		struct cordon_slice word = cut(&text, '|');
		const struct rule_set *set = word.len && word.data[0] == '@' ? find_set(slice_from(word, 1)) : NULL;
		struct cordon_slice members = set ? slice_of(set->alternatives) : word;

		do
			rc = add_literal(matcher, cut(&members, '|'), group, err);
		while (members.len && rc == 0);
	}
	return rc;
}

static int find_group(struct matcher *matcher, struct cordon_slice text, size_t *out, struct cordon_err *err)
{
	size_t group = matcher->group_count;

	if (group == GROUPS_MAX)
		return err_set(err, CORDON_ELIMIT, 0, "more than %d different slots", GROUPS_MAX);
	for (size_t i = 0; i < group; i++) {
		if (slice_equal(matcher->groups[i].text, text)) {
			*out = i;
			return 0;
		}
	}
	matcher->groups[matcher->group_count++] = (struct group){ .text = text };
	*out = group;
	return add_alternatives(matcher, text, group, err);
}

static int add_user(struct matcher *matcher, size_t group, size_t rule, size_t slot, struct cordon_err *err)
{
	void *users = matcher->users;
	int rc = grow(&users, matcher->user_count, &matcher->user_room, sizeof(struct user), err);

	if (rc < 0)
		return rc;
	matcher->users = users;
	/* Later slots come first in the list: a word is asked to end a match before it may begin one. */
	matcher->users[matcher->user_count] =
		(struct user){ matcher->groups[group].users, (uint16_t)rule, (uint8_t)slot };
	matcher->groups[group].users = (uint32_t)++matcher->user_count;
	return 0;
}

/* "+3": at most 99, so that FORGET is more. */
static int read_gap(struct cordon_slice word, uint16_t *gap, struct cordon_err *err)
{
	unsigned int value = 0;

	for (size_t i = 1; i < word.len; i++) {
		if (word.data[i] < '0' || word.data[i] > '9' || word.len > 3)
			return err_set(err, CORDON_EINVAL, 0, "'%.*s' is no gap", (int)word.len, word.data);
		value = value * 10 + (unsigned int)(word.data[i] - '0');
	}
	*gap = (uint16_t)value;
	return 0;
}

static int add_rule(struct matcher *matcher, const struct rule *rule, struct cordon_err *err)
{
	struct cordon_slice rest = slice_of(rule->pattern);
	struct compiled *compiled = &matcher->rules[matcher->rule_count];
	size_t group = 0;
	int rc = 0;

	if (matcher->rule_count == RULES_MAX)
		return err_set(err, CORDON_ELIMIT, 0, "more than %d rules", RULES_MAX);
	*compiled = (struct compiled){ .rule = rule };
	while (rest.len && rc == 0) {
		struct cordon_slice word = cut(&rest, ' ');

		if (compiled->slots == SLOTS_MAX || !word.len)
			return err_set(err, CORDON_EINVAL, 0, "more than %d slots, or an empty one", SLOTS_MAX);
		if (word.data[0] == '+') {
			rc = read_gap(word, &compiled->gap[compiled->slots], err);
			continue;
		}
		rc = find_group(matcher, word, &group, err);
		if (rc == 0)
			rc = add_user(matcher, group, matcher->rule_count, compiled->slots++, err);
	}
	matcher->rule_count++;
	return rc;
}

/* Links each node to the longest proper end of it that is a node too, breadth first. */
static int link_nodes(struct matcher *matcher, struct cordon_err *err)
{
	cleanup_free uint32_t *queue = calloc(matcher->node_count, sizeof(*queue));
	size_t head = 0;
	size_t tail = 1;

	if (!queue)
		return err_nomem(err);
	while (head < tail) {
		uint32_t parent = queue[head++];

		for (uint32_t node = matcher->nodes[parent].child; node; node = matcher->nodes[node].sibling) {
			uint32_t fail = matcher->nodes[parent].fail;
			uint32_t next = parent ? child_of(matcher, fail, matcher->nodes[node].byte) : 0;

			while (parent && !next && fail) {
				fail = matcher->nodes[fail].fail;
				next = child_of(matcher, fail, matcher->nodes[node].byte);
			}
			matcher->nodes[node].fail = next;
			matcher->nodes[node].dictionary =
				matcher->nodes[next].literal ? next : matcher->nodes[next].dictionary;
			queue[tail++] = node;
		}
	}
	return 0;
}

/* ---- running ---- */

static bool follows(const struct position *position, const struct slot_place *before, int64_t first, unsigned int gap)
{
	int64_t limit = position->matcher->spacing == MATCHER_SQUEEZED ? (int64_t)gap * SQUEEZED_GAP : (int64_t)gap;

	return before->word > 0 && first > before->word && first - before->word - 1 <= limit;
}

/* A literal of the slot was found from word `first` to word `last`, starting at byte `from`. */
static int fill_slot(const struct position *position, const struct user *user, struct slot_place found, int64_t first,
		     struct cordon_err *err)
{
	struct compiled *rule = &position->matcher->rules[user->rule];
	unsigned int slot = user->slot;

	if (slot) {
		const struct slot_place *before = &rule->last[slot - 1];

		if (!follows(position, before, first, rule->gap[slot]))
			before = &rule->older[slot - 1];
		if (!follows(position, before, first, rule->gap[slot]))
			return 0;
		found.from = before->from;
	}
	if (slot + 1U == rule->slots) {
		struct matcher_hit hit = { rule->rule, found.from, position->at + 1 };

		return position->found(position->context, &hit, err);
	}
	rule->older[slot] = rule->last[slot];
	rule->last[slot] = found;
	return 0;
}

static int take_literal(struct position *position, const struct literal *literal, struct cordon_err *err)
{
	struct matcher *matcher = position->matcher;
	size_t begin = position->at + 1 - literal->len;
	int64_t last = position->words - literal->space_after;
	int64_t first = last - literal->words + 1;
	struct slot_place found;
	int rc = 0;

	if (matcher->spacing == MATCHER_SQUEEZED) {
		first = position->words + (int64_t)begin;
		last = position->words + (int64_t)position->at;
	}
	found = (struct slot_place){ last, begin + literal->space_before };
	for (uint32_t i = matcher->groups[literal->group].users; i && rc == 0; i = matcher->users[i - 1].next)
		rc = fill_slot(position, &matcher->users[i - 1], found, first, err);
	return rc;
}

static int take_literals(struct position *position, uint32_t node, struct cordon_err *err)
{
	const struct matcher *matcher = position->matcher;
	int rc = 0;

	if (!matcher->nodes[node].literal)
		node = matcher->nodes[node].dictionary;
	for (; node && rc == 0; node = matcher->nodes[node].dictionary)
		for (uint32_t i = matcher->nodes[node].literal; i && rc == 0; i = matcher->literals[i - 1].next)
			rc = take_literal(position, &matcher->literals[i - 1], err);
	return rc;
}

static int64_t units_of(const struct view *folded, size_t at)
{
	unsigned char byte = (unsigned char)folded->bytes[at];
	uint32_t rune = 0;

	if (byte == ' ')
		return 1;
	if (byte < 0xe0 || !utf8_decode(slice_from(view_slice(folded), at), &rune))
		return 0;
	return fold_is_unspaced(rune);
}

int matcher_run(struct matcher *matcher, const struct view *folded, matcher_found found, void *context,
		struct cordon_err *err)
{
	struct position position = { .matcher = matcher, .words = matcher->words, .found = found, .context = context };
	uint32_t node = 0;
	int rc = 0;

	for (size_t at = 0; at < folded->len && rc == 0; at++) {
		unsigned char byte = (unsigned char)folded->bytes[at];
		uint32_t next = child_of(matcher, node, byte);

		if (matcher->spacing == MATCHER_WORDS)
			position.words += units_of(folded, at);
		position.at = at;
		while (!next && node) {
			node = matcher->nodes[node].fail;
			next = child_of(matcher, node, byte);
		}
		node = next;
		if (matcher->nodes[node].literal || matcher->nodes[node].dictionary)
			rc = take_literals(&position, node, err);
	}
	matcher->words = position.words + (int64_t)folded->len + FORGET;
	return rc;
}

/* ---- exported ---- */

int matcher_open(const struct rule_table *const *tables, size_t count, enum matcher_spacing spacing,
		 struct matcher **out, struct cordon_err *err)
{
	struct matcher *matcher = calloc(1, sizeof(*matcher));
	int rc;

	if (!matcher)
		return err_nomem(err);
	matcher->spacing = spacing;
	matcher->words = FORGET;
	rc = add_node(matcher, 0, 0, err);
	for (size_t i = 0; i < count; i++) {
		for (size_t k = 0; k < tables[i]->count && rc == 0; k++) {
			rc = add_rule(matcher, &tables[i]->rules[k], err);
			if (rc < 0)
				err_wrap(err, rc, "rule '%s'", tables[i]->rules[k].id);
		}
	}
	if (rc == 0)
		rc = link_nodes(matcher, err);
	if (rc < 0) {
		matcher_close(matcher);
		return rc;
	}
	*out = matcher;
	return 0;
}

void matcher_close(struct matcher *matcher)
{
	if (!matcher)
		return;
	free(matcher->nodes);
	free(matcher->literals);
	free(matcher->users);
	free(matcher);
}
