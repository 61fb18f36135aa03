// SPDX-License-Identifier: Apache-2.0
/*
 * audit_client.c - a real writer, real clients.
 */
#include "tests/unit/audit_scratch.h"

TestSuite(client, .init = scratch_make, .fini = scratch_drop, .timeout = 60);

Test(client, a_record_comes_back_and_verifies)
{
	struct audit *audit = scratch_open(scratch_log);
	struct audit_reader *reader = NULL;
	struct cordon_err err = { 0 };
	struct cordon_slice record;
	struct audit_proof proof;
	uint64_t is_signed = 0;
	uint64_t index = scratch_append(audit, "{\"kind\":\"intent\",\"call\":\"a\"}");

	cr_assert_eq(index, 1, "the boot record is first");
	cr_assert_eq(audit_checkpoint(audit, &err), 0, "%s", err.text);
	cr_assert_eq(scratch_append(audit, "{\"kind\":\"outcome\",\"call\":\"a\"}"), 2);
	cr_assert_eq(audit_reader_open(scratch_log, &reader, &err), 0, "%s", err.text);
	cr_assert_eq(audit_reader_size(reader, &is_signed), 3);
	cr_assert_geq(is_signed, 2);
	cr_assert_eq(audit_reader_get(reader, 0, &record, &err), 0);
	cr_assert(slice_starts(record, SLICE("{\"kind\":\"boot\",")));
	cr_assert_eq(audit_reader_get(reader, 1, &record, &err), 0);
	cr_assert(slice_is(record, "{\"kind\":\"intent\",\"call\":\"a\"}"));
	cr_assert_eq(audit_reader_get(reader, 2, &record, &err), 0);
	cr_assert(slice_is(record, "{\"kind\":\"outcome\",\"call\":\"a\"}"));
	cr_assert_eq(audit_reader_get(reader, 3, &record, &err), CORDON_EINVAL);
	audit_reader_close(reader);
	proof = scratch_verify(scratch_log);
	cr_assert(proof.intact, "%s", proof.fault);
	cr_assert_eq(proof.size, 3);
	audit_close(audit);
	scratch_wait_idle(scratch_log);
	proof = scratch_verify(scratch_log);
	cr_assert(proof.intact, "%s", proof.fault);
	cr_assert_eq(proof.signed_size, 3);
}
