check_PROGRAMS += tests/unit/test_crypto
tests_unit_test_crypto_SOURCES = %D%/test_crypto.c
tests_unit_test_crypto_LDADD = $(CRYPTO_LIBS) $(UNIT_BASE)
TESTS += tests/unit/test_crypto

check_PROGRAMS += tests/unit/test_totp
tests_unit_test_totp_SOURCES = %D%/test_totp.c
tests_unit_test_totp_LDADD = $(CRYPTO_LIBS) $(UNIT_BASE)
TESTS += tests/unit/test_totp
