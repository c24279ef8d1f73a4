noinst_LIBRARIES += src/libipc.a
src_libipc_a_SOURCES =
