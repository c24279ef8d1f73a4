noinst_LIBRARIES += src/libmail.a
src_libmail_a_SOURCES =
