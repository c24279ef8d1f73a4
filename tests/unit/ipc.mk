check_PROGRAMS += tests/unit/test_ipc
tests_unit_test_ipc_SOURCES = %D%/test_ipc.c
tests_unit_test_ipc_LDADD = $(IPC_LIBS) $(UNIT_BASE)
TESTS += tests/unit/test_ipc

check_PROGRAMS += tests/unit/test_confine
tests_unit_test_confine_SOURCES = %D%/test_confine.c
tests_unit_test_confine_LDADD = $(IPC_LIBS) $(UNIT_BASE)
TESTS += tests/unit/test_confine
