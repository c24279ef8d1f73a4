/* mailbox.oauth: where an account's access is renewed (app/oauth.h). */
#include <string.h>

#include "madoguchi/app/oauth.h"
#include "madoguchi/base/str.h"

#include "act-int.h"

/* Addresses have %s where the tenant stands. */
static const struct provider {
	const char *name, *flow;
	const char *token_url, *device_url, *authorize_url;
	const char *scope, *client_scope;
} providers[] = {
	{"google", "code", "https://oauth2.googleapis.com/token",
	 "", /* its device flow gives no access to mail */
	 "https://accounts.google.com/o/oauth2/v2/auth",
	 "https://mail.google.com/", "https://mail.google.com/"},
	{"microsoft", "device",
	 "https://login.microsoftonline.com/%s/oauth2/v2.0/token",
	 "https://login.microsoftonline.com/%s/oauth2/v2.0/devicecode",
	 "https://login.microsoftonline.com/%s/oauth2/v2.0/authorize",
	 "https://outlook.office.com/IMAP.AccessAsUser.All"
	 " https://outlook.office.com/SMTP.Send offline_access",
	 "https://outlook.office365.com/.default"},
	{"other", "device", "", "", "", "", ""},
};

static const struct provider *
find_provider(const char *name)
{
	for (size_t i = 0; i < MDG_LEN(providers); i++)
		if (mdg_streq(providers[i].name, name))
			return &providers[i];
	return NULL;
}

static const char *
with_tenant(struct mdg_act_call *c, const char *url)
{
	const char *tenant = mdg_arg_text(c, "tenant", "common");
	const char *at = strstr(url, "%s");

	return at ? mdg_arena_printf(c->arena, "%.*s%s%s", (int)(at - url), url,
				     tenant, at + 2)
		  : url;
}

static bool
is_https(const char *url)
{
	return mdg_str_starts(url, "https://") && url[8] &&
	       url[strcspn(url, " \t\r\n\"<>")] == '\0';
}

static bool
check(const struct mdg_oauth *o, struct mdg_err *err)
{
	bool client = mdg_streq(o->flow, "client");

	if (!client && !mdg_streq(o->flow, "device") &&
	    !mdg_streq(o->flow, "code"))
		return mdg_fail_msg(err, MDG_EINVAL, MDG_MSG_oauth_flow_unknown,
				    o->flow, NULL);
	if (!*o->client_id)
		return mdg_fail_msg(err, MDG_EINVAL, MDG_MSG_oauth_no_client,
				    NULL);
	if (!is_https(o->token_url))
		return mdg_fail_msg(err, MDG_EINVAL, MDG_MSG_oauth_url_bad,
				    "token-url", o->token_url, NULL);
	if (!client && !is_https(o->start_url))
		return mdg_fail_msg(err, MDG_EINVAL, MDG_MSG_oauth_url_bad,
				    mdg_streq(o->flow, "code") ? "authorize-url"
							       : "device-url",
				    o->start_url, NULL);
	return true;
}

/* What is not said stays as it was, or is the provider's. */
static void
fill(struct mdg_act_call *c, const struct provider *p, struct mdg_oauth *o)
{
	const char *flow = p ? p->flow : o->flow;

	o->flow = mdg_arg_text(c, "flow", flow);
	if (p) {
		bool code = mdg_streq(o->flow, "code");
		o->token_url = with_tenant(c, p->token_url);
		o->start_url =
			with_tenant(c, code ? p->authorize_url : p->device_url);
		o->scope = mdg_streq(o->flow, "client") ? p->client_scope
							: p->scope;
	}
	o->client_id = mdg_arg_text(c, "client_id", o->client_id);
	o->scope = mdg_arg_text(c, "scope", o->scope);
	o->token_url = mdg_arg_text(c, "token_url", o->token_url);
	o->start_url = mdg_arg_text(
		c, mdg_streq(o->flow, "code") ? "authorize_url" : "device_url",
		o->start_url);
	o->redirect_uri = mdg_arg_text(c, "redirect_uri", o->redirect_uri);
	o->ca_file = mdg_arg_text(c, "ca_file", o->ca_file);
}

static bool
mailbox_oauth(struct mdg_act_call *c, struct mdg_err *err)
{
	const char *name = mdg_arg_text(c, "provider", NULL);
	const char *secret = mdg_arg_text(c, "client_secret", NULL);
	const struct provider *p = name ? find_provider(name) : NULL;
	struct mdg_account acc;
	struct mdg_oauth o = {
		.flow = "device",
		.client_id = "",
		.scope = "",
		.token_url = "",
		.start_url = "",
		.redirect_uri = "http://localhost",
		.state = "wanted",
	};

	if (name && !p)
		return mdg_fail_msg(err, MDG_EINVAL,
				    MDG_MSG_oauth_provider_unknown, name, NULL);
	if (!mdg_act_account(c, &acc, err))
		return false;
	enum mdg_found f =
		mdg_oauth_get(c->desk->db, acc.id, c->arena, &o, err);
	if (f == MDG_FAILED)
		return false;
	if (f == MDG_NONE && !p)
		return mdg_fail_msg(err, MDG_EINVAL, MDG_MSG_oauth_no_provider,
				    acc.name, NULL);
	o.account_id = acc.id;
	fill(c, p, &o);
	if (!check(&o, err))
		return false;
	mdg_result_int(c, "account", acc.id);
	mdg_result_text(c, "mailbox", acc.name);
	mdg_result_text(c, "flow", o.flow);
	if (secret &&
	    !mdg_desk_secret_put(c->desk,
				 mdg_arena_printf(c->arena, "oauth:%lld:client",
						  (long long)acc.id),
				 secret, err))
		return false;
	return mdg_oauth_put(c->desk->db, &o, err) &&
	       mdg_desk_event(c->desk, c->actor, NULL, "mailbox.oauth",
			      json_pack("{s:I,s:s}", "account",
					(json_int_t)acc.id, "flow", o.flow),
			      NULL, err);
}

/* Who may go on with an authorization, and of which account. */
static bool
mailbox_oauth_show(struct mdg_act_call *c, struct mdg_err *err)
{
	struct mdg_account acc;
	struct mdg_oauth o;

	if (!mdg_act_account(c, &acc, err))
		return false;
	switch (mdg_oauth_get(c->desk->db, acc.id, c->arena, &o, err)) {
	case MDG_FAILED:
		return false;
	case MDG_NONE:
		return mdg_fail_msg(err, MDG_ESTATE, MDG_MSG_oauth_no_provider,
				    acc.name, NULL);
	case MDG_FOUND:
		break;
	}
	mdg_result_int(c, "account", acc.id);
	mdg_result_text(c, "mailbox", acc.name);
	mdg_result_text(c, "flow", o.flow);
	mdg_result_text(c, "state", o.state);
	mdg_result_int(c, "expires_s", o.expires_s);
	return true;
}

const struct mdg_act mdg_acts_oauth[] = {
	{"mailbox.oauth",
	 MDG_SCOPE_DESK,
	 MDG_MEMBER_ADMIN,
	 false,
	 {{"name", 's', true},
	  {"provider", 's', false},
	  {"flow", 's', false},
	  {"client_id", 's', false},
	  {"client_secret", 's', false},
	  {"tenant", 's', false},
	  {"scope", 's', false},
	  {"token_url", 's', false},
	  {"device_url", 's', false},
	  {"authorize_url", 's', false},
	  {"redirect_uri", 's', false},
	  {"ca_file", 's', false}},
	 mailbox_oauth},
	{"mailbox.oauth.show",
	 MDG_SCOPE_DESK,
	 MDG_MEMBER_ADMIN,
	 true,
	 {{"name", 's', true}},
	 mailbox_oauth_show},
	{0},
};
