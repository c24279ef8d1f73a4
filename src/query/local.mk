noinst_LIBRARIES += src/libquery.a
src_libquery_a_SOURCES =
