// SPDX-License-Identifier: Apache-2.0
/*
 * message.c - the log writer's answers.
 *
 * They are small and never waited for: a client that does not read them fills its own socket and is dropped, and
 * nobody else is held up.
 */
#include "sandbox/audit/message.h"

#include <endian.h>
#include <string.h>
#include <sys/socket.h>

static bool send_message(int fd, uint32_t type, const void *payload, size_t len)
{
	unsigned char message[MESSAGE_HEAD + MESSAGE_REPLY_MAX];
	uint32_t head[2] = { htole32(type), htole32((uint32_t)len) };

	if (len > MESSAGE_REPLY_MAX)
		return false;
	memcpy(message, head, MESSAGE_HEAD);
	if (len)
		memcpy(message + MESSAGE_HEAD, payload, len);
	return send(fd, message, MESSAGE_HEAD + len, MSG_NOSIGNAL | MSG_DONTWAIT) == (ssize_t)(MESSAGE_HEAD + len);
}

bool message_number(int fd, uint32_t type, uint64_t number)
{
	uint64_t little = htole64(number);

	return send_message(fd, type, &little, sizeof(little));
}

bool message_refuse(int fd, const struct cordon_err *why)
{
	unsigned char payload[8 + sizeof(why->text)];
	uint32_t head[2] = { htole32((uint32_t)-why->code), htole32((uint32_t)why->os_errno) };
	size_t len = strlen(why->text);

	memcpy(payload, head, 8);
	memcpy(payload + 8, why->text, len);
	return send_message(fd, MESSAGE_REFUSED, payload, 8 + len);
}

bool message_leaving(int fd)
{
	return send_message(fd, MESSAGE_LEAVING, NULL, 0);
}
