/* Declared form notices. */
#include "madoguchi/query/query.h"
#include "rows.h"

bool
mdg_query_forms(struct mdg_db *db, int64_t viewer, json_t *ret,
		struct mdg_err *err)
{
	struct mdg_rows *r;

	if (!mdg_db_query(
		    db, &r, err,
		    "SELECT f.name, w.code, f.address, f.subject, f.fields,"
		    " f.server, f.pass_domain, f.route, f.created_s"
		    " FROM form_notice f JOIN win w ON w.id = f.win_id"
		    " WHERE " MDG_VIEWER_SEES(
			    "f.win_id") " ORDER BY w.code, f.name",
		    "i", viewer))
		return false;
	return mdg_rows_json(&r,
			     "form:s window:s address:s subject:s fields:s "
			     "server:s domain:s route:s created_s:i",
			     mdg_json_list(ret, "forms"), err);
}
