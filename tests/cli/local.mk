dist_check_SCRIPTS += %D%/sla.t
TESTS += %D%/sla.t
dist_check_SCRIPTS += %D%/lint.t
TESTS += %D%/lint.t
