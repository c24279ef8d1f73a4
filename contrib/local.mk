EXTRA_DIST += \
	%D%/lib/servers.py
EXTRA_DIST += \
	tests/it/conftest.py \
	tests/it/test_servers.py
