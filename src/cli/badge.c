/* What people should notice about a mail before they read it. */
#include "madoguchi/base/str.h"

#include "desk.h"

void
mdg_cli_badges(const struct mdg_cli *cli, const json_t *message,
	       struct mdg_buf *out)
{
	size_t i;
	json_t *v;

	json_array_foreach(json_object_get(message, "badges"), i, v)
		mdg_buf_printf(out, "  [%s]",
			       mdg_cli_word(cli, "badge",
					    json_is_string(v)
						    ? json_string_value(v)
						    : ""));
}
