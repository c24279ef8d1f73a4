EXTRA_DIST += \
	.ci/run \
	%D%/check \
	%D%/lib/install.sh \
	%D%/lib/servers.py \
	%D%/packages \
	tests/it/conftest.py \
	tests/it/test_servers.py
