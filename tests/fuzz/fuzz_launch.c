// SPDX-License-Identifier: Apache-2.0
/*
 * fuzz_launch.c - the messages between supervisor and launcher: what is read at all is written back byte for byte, so there
 * is one spelling of each plan, report and failure.
 */
#include <assert.h>
#include <stdint.h>

#include "sandbox/base/slice.h"
#include "sandbox/jail/launch.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void expect_same(struct cordon_slice text, struct buf *again, int rc)
{
	assert(rc == 0);
	assert(slice_equal(text, buf_slice(again)));
	buf_release(again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct cordon_slice text = { (const char *)data, size };
	struct launch_plan plan;
	struct launch_report report;
	struct launch_failure failure;
	struct buf again = { 0 };

	buf_init(&again, LAUNCH_REQUEST_MAX);
	if (launch_plan_decode(text, &plan, NULL) == 0) {
		expect_same(text, &again, launch_plan_encode(&plan, &again, NULL));
		launch_plan_release(&plan);
	}
	if (launch_report_decode(text, &report, NULL) == 0)
		expect_same(text, &again, launch_report_encode(&report, &again, NULL));
	if (launch_failure_decode(text, &failure, NULL) == 0) {
		expect_same(text, &again, launch_failure_encode(&failure, &again, NULL));
		free(failure.subject);
	}
	buf_release(&again);
	return 0;
}
