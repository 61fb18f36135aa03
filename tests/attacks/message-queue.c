/* goal: leaves a POSIX message queue behind for somebody outside | rungs: 1 2 3 | user: any */
/* SPDX-License-Identifier: Apache-2.0 */
#define CHECK
#include <mqueue.h>
#include "attack.h"

static int attack(void)
{
	mqd_t queue = mq_open("/cordon-attack", O_CREAT | O_RDWR, 0666, NULL);

	return queue == (mqd_t)-1 && errno == ENOSYS && getenv("PLAIN") ? NOT_HERE : CONTAINED;
}

static int check(void)
{
	if (mq_open("/cordon-attack", O_RDWR) == (mqd_t)-1)
		return CONTAINED;
	mq_unlink("/cordon-attack");
	return REACHED;
}
