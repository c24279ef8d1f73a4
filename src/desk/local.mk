noinst_LIBRARIES += src/libdesk.a
src_libdesk_a_SOURCES =
