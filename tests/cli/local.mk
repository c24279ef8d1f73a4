dist_check_SCRIPTS += %D%/sla.t
TESTS += %D%/sla.t
dist_check_SCRIPTS += %D%/lint.t
TESTS += %D%/lint.t
dist_check_SCRIPTS += %D%/parse.t
TESTS += %D%/parse.t
EXTRA_DIST += %D%/check_mail.py tests/data/gen_mail.py
dist_check_SCRIPTS += %D%/desk.t
TESTS += %D%/desk.t
dist_check_SCRIPTS += %D%/offline.t
TESTS += %D%/offline.t
dist_check_SCRIPTS += %D%/import.t
TESTS += %D%/import.t
dist_check_SCRIPTS += %D%/thread.t
TESTS += %D%/thread.t
EXTRA_DIST += %D%/sorted_mails.py
dist_check_SCRIPTS += %D%/service.t
TESTS += %D%/service.t

# the figures of suggestion: kept in figures.tsv, printed by make eval
dist_check_SCRIPTS += %D%/eval.t
TESTS += %D%/eval.t
EXTRA_DIST += tests/data/suggest/README tests/data/suggest/figures.tsv \
	tests/data/suggest/inquiries.jsonl tests/data/suggest/rough.jsonl \
	tests/data/suggest/terse.jsonl tests/data/suggest/fresh.jsonl \
	tests/data/suggest/blind.jsonl tests/data/suggest/cold.jsonl \
	tests/data/suggest/colder.jsonl tests/data/suggest/coldest.jsonl \
	tests/data/suggest/unseen.jsonl \
	tests/data/suggest/other_mail.txt \
	tests/data/suggest/faq.jsonl \
	tests/data/suggest/faq_questions.jsonl tests/data/suggest/city.jsonl \
	tests/data/suggest/city_questions.jsonl tests/data/suggest/town.jsonl \
	tests/data/suggest/town_questions.jsonl \
	tests/data/suggest/ward.jsonl tests/data/suggest/ward_questions.jsonl \
	tests/data/suggest/ward_past.tsv \
	tests/data/suggest/snow.jsonl tests/data/suggest/snow_questions.jsonl
EVAL += eval-suggest
eval-suggest: src/madoguchi
	@src/madoguchi suggest --eval --templates $(top_srcdir)/templates \
		--data $(top_srcdir)/tests/data/suggest
	@src/madoguchi suggest --eval --templates $(top_srcdir)/templates \
		--queries $(top_srcdir)/tests/data/suggest/rough.jsonl
	@src/madoguchi suggest --eval --templates $(top_srcdir)/templates \
		--queries $(top_srcdir)/tests/data/suggest/terse.jsonl
	@src/madoguchi suggest --eval --templates $(top_srcdir)/templates \
		--queries $(top_srcdir)/tests/data/suggest/fresh.jsonl
	@src/madoguchi suggest --eval --templates $(top_srcdir)/templates \
		--queries $(top_srcdir)/tests/data/suggest/blind.jsonl
	@src/madoguchi suggest --eval --templates $(top_srcdir)/templates \
		--queries $(top_srcdir)/tests/data/suggest/cold.jsonl
	@src/madoguchi suggest --eval --templates $(top_srcdir)/templates \
		--queries $(top_srcdir)/tests/data/suggest/colder.jsonl
	@src/madoguchi suggest --eval --templates $(top_srcdir)/templates \
		--queries $(top_srcdir)/tests/data/suggest/coldest.jsonl
	@src/madoguchi suggest --eval --templates $(top_srcdir)/templates \
		--queries $(top_srcdir)/tests/data/suggest/unseen.jsonl
	@src/madoguchi suggest --eval \
		--catalogue $(top_srcdir)/tests/data/suggest/city.jsonl \
		--queries $(top_srcdir)/tests/data/suggest/city_questions.jsonl
	@src/madoguchi suggest --eval \
		--catalogue $(top_srcdir)/tests/data/suggest/town.jsonl \
		--queries $(top_srcdir)/tests/data/suggest/town_questions.jsonl
	@src/madoguchi suggest --eval \
		--catalogue $(top_srcdir)/tests/data/suggest/ward.jsonl \
		--queries $(top_srcdir)/tests/data/suggest/ward_questions.jsonl
	@src/madoguchi suggest --eval \
		--catalogue $(top_srcdir)/tests/data/suggest/snow.jsonl \
		--queries $(top_srcdir)/tests/data/suggest/snow_questions.jsonl
.PHONY: eval-suggest
dist_check_SCRIPTS += %D%/form.t
TESTS += %D%/form.t
EXTRA_DIST += tests/data/gen_form.py tests/data/gen_unseen.py \
	tests/data/gen_strange.py tests/data/gen_senders.py \
	tests/data/gen_odd.py
