dist_check_SCRIPTS += %D%/sla.t
TESTS += %D%/sla.t
