# how a mail is written: charset, words, parameters, addresses, ids, compose
UNIT_MAIL = src/libmail.a $(UNIT_BASE)
MAIL_TEXT_TESTS = \
	tests/unit/test_addr \
	tests/unit/test_charset \
	tests/unit/test_compose \
	tests/unit/test_msgid \
	tests/unit/test_param \
	tests/unit/test_words
check_PROGRAMS += $(MAIL_TEXT_TESTS)
TESTS += $(MAIL_TEXT_TESTS)
tests_unit_test_addr_SOURCES = %D%/test_addr.c
tests_unit_test_addr_LDADD = $(UNIT_MAIL)
tests_unit_test_charset_SOURCES = %D%/test_charset.c
tests_unit_test_charset_LDADD = $(UNIT_MAIL)
tests_unit_test_compose_SOURCES = %D%/test_compose.c
tests_unit_test_compose_LDADD = $(UNIT_MAIL)
tests_unit_test_msgid_SOURCES = %D%/test_msgid.c
tests_unit_test_msgid_LDADD = $(UNIT_MAIL)
tests_unit_test_param_SOURCES = %D%/test_param.c
tests_unit_test_param_LDADD = $(UNIT_MAIL)
tests_unit_test_words_SOURCES = %D%/test_words.c
tests_unit_test_words_LDADD = $(UNIT_MAIL)
EXTRA_DIST += %D%/mail_enc.h
