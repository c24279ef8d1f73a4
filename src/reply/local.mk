noinst_LIBRARIES += src/libreply.a
src_libreply_a_SOURCES =
