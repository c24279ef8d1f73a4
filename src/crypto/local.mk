noinst_LIBRARIES += src/libcrypto.a
src_libcrypto_a_SOURCES = \
	%D%/chain.c \
	%D%/digest.c \
	%D%/passkey.c \
	%D%/seal.c \
	%D%/token.c \
	%D%/totp.c \
	%D%/vault.c \
	include/madoguchi/crypto/chain.h \
	include/madoguchi/crypto/digest.h \
	include/madoguchi/crypto/passkey.h \
	include/madoguchi/crypto/seal.h \
	include/madoguchi/crypto/token.h \
	include/madoguchi/crypto/totp.h \
	include/madoguchi/crypto/vault.h
src_libcrypto_a_CPPFLAGS = $(AM_CPPFLAGS) $(SODIUM_CFLAGS)
CRYPTO_LIBS = src/libcrypto.a $(SODIUM_LIBS)
