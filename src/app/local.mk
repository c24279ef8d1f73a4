noinst_LIBRARIES += src/libapp.a
src_libapp_a_SOURCES =
