check_PROGRAMS += tests/unit/test_ipc
tests_unit_test_ipc_SOURCES = %D%/test_ipc.c
tests_unit_test_ipc_LDADD = $(IPC_LIBS) $(UNIT_BASE)
TESTS += tests/unit/test_ipc
