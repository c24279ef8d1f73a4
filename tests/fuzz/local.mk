# Fuzzers: fuzz_x.c holds LLVMFuzzerTestOneInput() and nothing else is needed
# but its name here. In ordinary builds each is linked with replay.c and runs
# the files of corpus/x at `make check`; configured with CC=clang
# --enable-fuzzing --enable-sanitizers it is a libFuzzer program.
FUZZERS = \
	tests/fuzz/fuzz_addr \
	tests/fuzz/fuzz_answer \
	tests/fuzz/fuzz_calendar \
	tests/fuzz/fuzz_bounce \
	tests/fuzz/fuzz_charset \
	tests/fuzz/fuzz_clamd \
	tests/fuzz/fuzz_compose \
	tests/fuzz/fuzz_folder \
	tests/fuzz/fuzz_form \
	tests/fuzz/fuzz_frame \
	tests/fuzz/fuzz_headers \
	tests/fuzz/fuzz_html \
	tests/fuzz/fuzz_mime \
	tests/fuzz/fuzz_param \
	tests/fuzz/fuzz_quote \
	tests/fuzz/fuzz_scan \
	tests/fuzz/fuzz_words

# A fuzzer of another room names its libraries:
#     tests_fuzz_fuzz_x_LDADD = src/libx.a $(FUZZ_LDADD)
FUZZ_LDADD = src/libmail.a src/libmodel.a src/libbase.a $(FUZZ_MAIN)

check_PROGRAMS += $(FUZZERS)
tests_fuzz_fuzz_addr_LDADD = $(FUZZ_LDADD)
tests_fuzz_fuzz_answer_LDADD = src/libreply.a src/libtext.a $(FUZZ_LDADD) \
	$(ICU_LIBS)
tests_fuzz_fuzz_calendar_LDADD = src/libdesk.a $(FUZZ_LDADD) $(ICU_LIBS) \
	$(JANSSON_LIBS)
tests_fuzz_fuzz_bounce_LDADD = $(FUZZ_LDADD)
tests_fuzz_fuzz_charset_LDADD = $(FUZZ_LDADD)
tests_fuzz_fuzz_clamd_LDADD = src/libclamd.a $(IPC_LIBS) $(FUZZ_LDADD)
tests_fuzz_fuzz_compose_LDADD = $(FUZZ_LDADD)
tests_fuzz_fuzz_folder_CPPFLAGS = $(src_libnet_a_CPPFLAGS)
tests_fuzz_fuzz_folder_LDADD = $(NET_LIBS) $(FUZZ_LDADD)
tests_fuzz_fuzz_form_LDADD = $(FUZZ_LDADD)
tests_fuzz_fuzz_frame_LDADD = $(IPC_LIBS) $(FUZZ_LDADD)
tests_fuzz_fuzz_headers_LDADD = $(FUZZ_LDADD)
tests_fuzz_fuzz_html_LDADD = src/libmime.a $(FUZZ_LDADD) $(GUMBO_LIBS)
tests_fuzz_fuzz_mime_LDADD = src/libmime.a $(FUZZ_LDADD) $(GMIME_LIBS) \
	$(GUMBO_LIBS) $(SODIUM_LIBS) $(JANSSON_LIBS)
tests_fuzz_fuzz_param_LDADD = $(FUZZ_LDADD)
tests_fuzz_fuzz_quote_LDADD = $(FUZZ_LDADD)
tests_fuzz_fuzz_scan_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/src/mime
tests_fuzz_fuzz_scan_LDADD = src/libmime.a $(FUZZ_LDADD) $(GMIME_LIBS) \
	$(GUMBO_LIBS) $(SODIUM_LIBS) $(JANSSON_LIBS)
tests_fuzz_fuzz_words_LDADD = $(FUZZ_LDADD)

if FUZZING
FUZZ_MAIN = $(FUZZ_ENGINE)
else
FUZZ_MAIN = tests/fuzz/libreplay.a
check_LIBRARIES += tests/fuzz/libreplay.a
tests_fuzz_libreplay_a_SOURCES = %D%/replay.c
TESTS += $(FUZZERS)
endif

dist_check_SCRIPTS += %D%/mutate.py
EXTRA_DIST += %D%/README.md %D%/corpus %D%/fuzz.h %D%/replay.c
