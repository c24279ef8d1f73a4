dist_check_SCRIPTS += %D%/sla.t
TESTS += %D%/sla.t
dist_check_SCRIPTS += %D%/lint.t
TESTS += %D%/lint.t
dist_check_SCRIPTS += %D%/parse.t
TESTS += %D%/parse.t
EXTRA_DIST += %D%/check_mail.py tests/data/gen_mail.py
