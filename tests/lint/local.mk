LINTS = \
	%D%/layers.t \
	%D%/links.t \
	%D%/size.t \
	%D%/banned.t \
	%D%/headers.t \
	%D%/local_mk.t \
	%D%/man.t \
	%D%/messages.t \
	%D%/routes.t \
	%D%/service.t \
	%D%/tree.t \
	%D%/ui.t
dist_check_SCRIPTS += $(LINTS)
TESTS += $(LINTS)
EXTRA_DIST += %D%/tap.sh %D%/strip.awk
