check_PROGRAMS += tests/unit/test_quote
tests_unit_test_quote_SOURCES = %D%/test_quote.c
tests_unit_test_quote_LDADD = src/libmail.a $(UNIT_BASE)
TESTS += tests/unit/test_quote
EXTRA_DIST += tests/data/quote_cases.txt
check_PROGRAMS += tests/unit/test_class
tests_unit_test_class_SOURCES = %D%/test_class.c
tests_unit_test_class_LDADD = src/libmail.a $(UNIT_BASE)
TESTS += tests/unit/test_class
check_PROGRAMS += tests/unit/test_bounce
tests_unit_test_bounce_SOURCES = %D%/test_bounce.c
tests_unit_test_bounce_LDADD = src/libmail.a $(UNIT_BASE)
TESTS += tests/unit/test_bounce
EXTRA_DIST += tests/data/class_cases.txt tests/data/bounce_cases.txt

# who speaks in a mail: forwards, forms, relays
check_PROGRAMS += tests/unit/test_speaker
TESTS += tests/unit/test_speaker
tests_unit_test_speaker_SOURCES = %D%/test_speaker.c
tests_unit_test_speaker_LDADD = $(UNIT_MAIL)

check_PROGRAMS += tests/unit/test_verdict
TESTS += tests/unit/test_verdict
tests_unit_test_verdict_SOURCES = %D%/test_verdict.c
tests_unit_test_verdict_LDADD = $(UNIT_MAIL)
