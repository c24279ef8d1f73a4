noinst_LIBRARIES += src/libcrypto.a
src_libcrypto_a_SOURCES =
