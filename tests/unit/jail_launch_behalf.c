// SPDX-License-Identifier: Apache-2.0
/*
 * jail_launch_behalf.c - modes and times of files: changed where they are writable, on rung 3 by init, and nowhere else.
 */
#include <sys/syscall.h>

#include "tests/unit/jail_expect.h"

AS_BOTH(changes_modes_and_times_in_the_workspace)
{
	expect_exit(
		rung,
		SHELL("echo x >f && chmod 700 f && [ $(stat -c %a f) = 700 ] && chmod 640 ../${PWD##*/}/f && "
		      "[ $(stat -c %a f) = 640 ] && touch -d @1000 f && [ $(stat -c %Y f) = 1000 ] && ln -s f l && "
		      "touch -h -d @2000 l && [ $(stat -c %Y l f | tr '\\n' -) = 2000-1000- ] && chmod 600 $PWD/l && "
		      "[ $(stat -c %a f) = 600 ] && perl -e 'open F, q(+<), q(f); chmod(0604, *F) == 1 or die; "
		      "utime(5, 6, *F) == 1 or die' && [ $(stat -c %a-%Y f) = 604-6 ] && mkdir d && chmod 500 d && "
		      "rmdir d"),
		0);
}

AS_BOTH(leaves_no_set_id_bit)
{
	expect_exit(rung,
		    SHELL("echo x >f; chmod u+s f 2>/dev/null && exit 1; chmod 2755 f 2>/dev/null && exit 2; "
			  "[ $(stat -c %a f) -lt 1000 ] || exit 3; exit 0"),
		    0);
}

/* A file of the caller's own, beside the workspace. */
AS_BOTH(changes_no_mode_or_time_outside)
{
	struct live *live = live_new(rung);
	char path[128], script[1024];
	struct stat before, after;

	snprintf(path, sizeof(path), "%s.private", live->folder);
	close(open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
	if (rung == 3 && geteuid() == 0)
		cr_assert_eq(chown(path, LIVE_HOST_ID, LIVE_HOST_ID), 0);
	cr_assert_eq(stat(path, &before), 0);
	snprintf(script, sizeof(script),
		 "f=%s; chmod 644 $f; touch -d @1000 $f; cd ..; chmod 644 ./${f##*/}; ln -s $f $OLDPWD/l; chmod 644 "
		 "$OLDPWD/l; perl -e 'utime 1, 1, @ARGV; chmod 0644, @ARGV; truncate $ARGV[0], 0' $f; true",
		 path);
	live_start(live, SHELL(script));
	live_finish(live);
	cr_assert_eq(live->ended, LAUNCH_EXITED);
	cr_assert_eq(stat(path, &after), 0);
	unlink(path);
	cr_assert_eq(after.st_mode, before.st_mode, "mode %o", after.st_mode);
	cr_assert_eq(after.st_mtime, before.st_mtime);
	cr_assert_eq(after.st_atime, before.st_atime);
	if (rung == 3)
		cr_assert(live_denied(live, SYS_fchmodat), "%s", live->text);
	live_free(live);
}
