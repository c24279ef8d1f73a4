# how a mail is written: charset, words, parameters, addresses, ids, compose
UNIT_MAIL = src/libmail.a $(UNIT_BASE)
MAIL_TEXT_TESTS = \
	tests/unit/test_charset
check_PROGRAMS += $(MAIL_TEXT_TESTS)
TESTS += $(MAIL_TEXT_TESTS)
tests_unit_test_charset_LDADD = $(UNIT_MAIL)
EXTRA_DIST += %D%/mail_enc.h
