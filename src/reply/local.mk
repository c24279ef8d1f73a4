noinst_LIBRARIES += src/libreply.a
src_libreply_a_CFLAGS = $(AM_CFLAGS) $(PCRE2_CFLAGS) $(MECAB_CFLAGS)
src_libreply_a_CPPFLAGS = $(AM_CPPFLAGS) -I$(srcdir)/src/reply
src_libreply_a_SOURCES = \
	%D%/answer.c \
	%D%/answer_int.h \
	%D%/answer_sign.c \
	%D%/answer_phrase.c \
	%D%/answer_slots.c \
	%D%/answer_words.c \
	%D%/date_english.c \
	%D%/date_scan.c \
	%D%/date_scan.h \
	%D%/feature.c \
	%D%/feature.h \
	%D%/lint.c \
	%D%/lint_attach.c \
	%D%/lint_date.c \
	%D%/lint_fix.c \
	%D%/lint_guard.c \
	%D%/lint_kana.c \
	%D%/lint_kanji.c \
	%D%/lint_letter.c \
	%D%/lint_lines.c \
	%D%/lint_morph.c \
	%D%/lint_need.c \
	%D%/lint_need.h \
	%D%/lint_open.c \
	%D%/lint_rules.h \
	%D%/lint_run.h \
	%D%/lint_sasete.c \
	%D%/lint_struct.c \
	%D%/lint_names.c \
	%D%/lint_pattern.c \
	%D%/lint_team.c \
	%D%/lint_text.c \
	%D%/lint_text.h \
	%D%/lint_tone.c \
	%D%/lint_tone.h \
	%D%/lint_typo.c \
	%D%/mood.c \
	%D%/names.c \
	%D%/names.h \
	%D%/only_thanks.c \
	%D%/other.c \
	%D%/query_text.c \
	%D%/run_weights.h \
	%D%/signs.c \
	include/madoguchi/reply/signs.h \
	%D%/slots.c \
	%D%/slots_form.c \
	%D%/slots_form.h \
	%D%/slots_place.h \
	%D%/slots_when.c \
	%D%/slots_when.h \
	%D%/suggest.c \
	%D%/suggest_grams.c \
	%D%/suggest_grams.h \
	%D%/suggest_index.c \
	%D%/suggest_index.h \
	%D%/suggest_int.h \
	%D%/suggest_near.c \
	%D%/suggest_rank.c \
	%D%/suggest_trust.c \
	%D%/synonyms.c \
	%D%/synonyms.h \
	%D%/template.c \
	%D%/template_dir.c \
	%D%/template_foreign.c \
	%D%/template_read.c \
	%D%/template_table.c \
	include/madoguchi/reply/answer.h \
	include/madoguchi/reply/lint.h \
	include/madoguchi/reply/mood.h \
	include/madoguchi/reply/slots.h \
	include/madoguchi/reply/suggest.h \
	include/madoguchi/reply/template.h \
	include/madoguchi/reply/template_import.h
nodist_src_libreply_a_SOURCES = %D%/keigo_rules.c %D%/tone_weights.c \
	%D%/synonym_lines.c %D%/other_mail.c %D%/other_weights.c \
	%D%/miswritten.c
EXTRA_DIST += %D%/keigo_rules.tsv %D%/tsv2c.awk \
	%D%/tone_weights.tsv %D%/other_weights.tsv %D%/weights2c.awk \
	%D%/synonyms.txt %D%/other_mail.txt %D%/miswritten.txt %D%/lines.awk
CLEANFILES += %D%/keigo_rules.c %D%/tone_weights.c %D%/synonym_lines.c \
	%D%/other_mail.c %D%/other_weights.c %D%/miswritten.c

# the rules of the lint are data, compiled in
%D%/keigo_rules.c: %D%/keigo_rules.tsv %D%/tsv2c.awk
	$(AM_V_GEN)$(MKDIR_P) %D% && $(AWK) -f $(srcdir)/%D%/tsv2c.awk \
		$(srcdir)/%D%/keigo_rules.tsv >$@.tmp && mv $@.tmp $@

# what runs of characters weigh (contrib/train-weights), too
%D%/tone_weights.c: %D%/tone_weights.tsv %D%/weights2c.awk
	$(AM_V_GEN)$(MKDIR_P) %D% && $(AWK) -v array=mdg_tone_weights \
		-f $(srcdir)/%D%/weights2c.awk \
		$(srcdir)/%D%/tone_weights.tsv >$@.tmp && mv $@.tmp $@
%D%/other_weights.c: %D%/other_weights.tsv %D%/weights2c.awk
	$(AM_V_GEN)$(MKDIR_P) %D% && $(AWK) -v array=mdg_other_weights \
		-f $(srcdir)/%D%/weights2c.awk \
		$(srcdir)/%D%/other_weights.tsv >$@.tmp && mv $@.tmp $@

# other words for what customers say
%D%/synonym_lines.c: %D%/synonyms.txt %D%/other_mail.txt %D%/miswritten.txt %D%/lines.awk
	$(AM_V_GEN)$(MKDIR_P) %D% && $(AWK) -v array=mdg_synonym_lines \
		-f $(srcdir)/%D%/lines.awk $(srcdir)/%D%/synonyms.txt \
		>$@.tmp && mv $@.tmp $@

# and mail that is not for the desk
%D%/other_mail.c: %D%/other_mail.txt %D%/miswritten.txt %D%/lines.awk
	$(AM_V_GEN)$(MKDIR_P) %D% && $(AWK) -v array=mdg_other_mail \
		-f $(srcdir)/%D%/lines.awk $(srcdir)/%D%/other_mail.txt \
		>$@.tmp && mv $@.tmp $@

# words written with the wrong kanji
%D%/miswritten.c: %D%/miswritten.txt %D%/lines.awk
	$(AM_V_GEN)$(MKDIR_P) %D% && $(AWK) -v array=mdg_miswritten \
		-f $(srcdir)/%D%/lines.awk $(srcdir)/%D%/miswritten.txt \
		>$@.tmp && mv $@.tmp $@
