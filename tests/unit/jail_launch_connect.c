// SPDX-License-Identifier: Apache-2.0
/*
 * jail_launch_connect.c - UNIX sockets: between the call's own processes, to nobody outside.
 */
#include <sys/syscall.h>
#include <sys/un.h>

#include "tests/unit/jail_expect.h"

static void connects_inside(void)
{
	expect_text(1,
		    WORDS("perl", "-MIO::Socket::UNIX", "-e",
			  "for my $p (q(/tmp/s), qq(\\0name), q(../../../tmp/t)) {"
			  "my $l = IO::Socket::UNIX->new(Local => $p, Listen => 1) or die qq(listen $!);"
			  "if (!fork) { my $c = IO::Socket::UNIX->new(Peer => $p) or die qq(connect $!);"
			  "print $c qq(hi\\n); exit 0 }"
			  "my $a = $l->accept or die; print scalar <$a>; wait; }"
			  "IO::Socket::UNIX->new(Peer => q(/tmp/none)) and die; print 0 + $!, qq(\\n);"),
		    "hi\nhi\nhi\n2\n");
}

Test(launcher, connects_unix_sockets_inside)
{
	connects_inside();
}

Test(launcher, connects_unix_sockets_inside_as_an_ordinary_user)
{
	live_user();
	connects_inside();
}

/* A listener outside, in the workspace that the tool is shown. */
static void connects_not_outside(void)
{
	struct live *live = live_new(1);
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	snprintf(at.sun_path, sizeof(at.sun_path), "%s/sock", live->folder);
	cr_assert_eq(bind(listener, (const struct sockaddr *)&at, sizeof(at)), 0);
	cr_assert_eq(listen(listener, 4), 0);
	chmod(at.sun_path, 0777);
	live_start(live, WORDS("perl", "-MIO::Socket::UNIX", "-e",
			       "symlink qq($ENV{PWD}/sock), q(/tmp/l); $w = $ARGV[0]; symlink qq($w/sock), q(/tmp/m);"
			       "for my $p (qq($w/sock), q(sock), q(./sock), q(/tmp/m), qq(/proc/self/cwd/sock)) {"
			       "IO::Socket::UNIX->new(Peer => $p) and print qq(reached by $p\\n); print 0 + $!, q( ) }"
			       "socket(my $d, AF_UNIX, SOCK_DGRAM, 0) and print q(datagrams)",
			       live->folder));
	live_finish(live);
	cr_assert_eq(live->ended, LAUNCH_EXITED);
	cr_assert_not(strstr(live->text, "reached") || strstr(live->text, "datagrams"), "%s", live->text);
	cr_assert_lt(accept(listener, NULL, NULL), 0, "%s", live->text);
	cr_assert(live_denied(live, SYS_connect), "%s", live->text);
	close(listener);
	live_free(live);
}

Test(launcher, connects_to_no_listener_outside)
{
	connects_not_outside();
}

Test(launcher, connects_to_no_listener_outside_as_an_ordinary_user)
{
	live_user();
	connects_not_outside();
}
