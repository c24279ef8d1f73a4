/* Inside of migrate: a list of migrations, given by tests too. */
#ifndef MDG_STORE_MIGRATE_INT_H
#define MDG_STORE_MIGRATE_INT_H

#include "madoguchi/store/migrate.h"

struct mdg_migration {
	int n; /* 1, 2, … without a gap */
	const char *name;
	const char *sql;
};

/* mdg_migrate() with a list of one's own. */
bool mdg_migrate_list(struct mdg_db *db, const struct mdg_migration *list,
		      size_t n, char **ret_kept, struct mdg_err *err);
/* The text of a migration for one engine ("sqlite", "postgresql"). */
bool mdg_migrate_expand(const char *sql, const char *engine,
			struct mdg_buf *out, struct mdg_err *err);

#endif
