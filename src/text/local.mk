noinst_LIBRARIES += src/libtext.a
src_libtext_a_SOURCES =
