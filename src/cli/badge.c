/* What people should notice about a mail before they read it. */
#include "madoguchi/base/str.h"

#include "desk.h"

static const struct {
	const char *flag;
	enum mdg_msg text;
} badges[] = {
	{"unknown_sender", MDG_MSG_badge_unknown_sender},
	{"spoofed", MDG_MSG_badge_spoofed},
	{"unreadable", MDG_MSG_badge_unreadable},
	{"thanks", MDG_MSG_badge_thanks},
};

void
mdg_cli_badges(const struct mdg_cli *cli, const json_t *message,
	       struct mdg_buf *out)
{
	json_t *flags = json_loads(mdg_json_text(message, "flags"), 0, NULL);

	for (size_t i = 0; i < MDG_LEN(badges); i++)
		if (json_is_true(json_object_get(flags, badges[i].flag)))
			mdg_buf_printf(out, "  [%s]",
				       mdg_msg_text(cli->lang, badges[i].text));
	json_decref(flags);
}
