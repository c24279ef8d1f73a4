# Each test_x.c is one cmocka program; it links only the rooms it tests.
UNIT_BASE = src/libmodel.a src/libbase.a $(CMOCKA_LIBS)

include tests/unit/base.mk
include tests/unit/ipc.mk
include tests/unit/crypto.mk
include tests/unit/mail.mk
include tests/unit/mail_text.mk
include tests/unit/mime.mk
include tests/unit/text.mk
include tests/unit/reply.mk
include tests/unit/desk.mk
include tests/unit/store.mk
include tests/unit/app.mk
include tests/unit/worker.mk
include tests/unit/cli.mk
EXTRA_DIST += %D%/run.sh %D%/t.h %D%/dice.h
