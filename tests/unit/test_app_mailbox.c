/* mailbox.change: what an account keeps and what it leaves behind, on both
 * engines. */
#include "desk_fixture.h"

#include "madoguchi/app/mailbox.h"
#include "madoguchi/query/tag.h"
#include "madoguchi/store/st_folder.h"

static const char box[] = "support@shop.example";

static json_t *
change(struct desk *k, json_t *args)
{
	json_object_set_new(args, "name", json_string(box));
	return act(k, &mdg_actor_system, "mailbox.change", args);
}

static void
not_changed(struct desk *k, enum mdg_code code, json_t *args)
{
	if (!json_object_get(args, "name"))
		json_object_set_new(args, "name", json_string(box));
	refused(k, &mdg_actor_system, code, "mailbox.change", args);
}

static json_t *
show(struct desk *k, const char *name)
{
	return act(k, &mdg_actor_system, "mailbox.show",
		   json_pack("{s:s}", "name", name));
}

static const char *
text(const json_t *o, const char *key)
{
	const char *s = json_string_value(json_object_get(o, key));

	return s ? s : "(none)";
}

static int64_t
number(const json_t *o, const char *key)
{
	return json_integer_value(json_object_get(o, key));
}

static bool
has_changed(const json_t *result, const char *what)
{
	json_t *v;
	size_t i;

	json_array_foreach (json_object_get(result, "changed"), i, v)
		if (mdg_streq(json_string_value(v), what))
			return true;
	return false;
}

/* The folder that is read in this role now. */
static struct mdg_folder
folder(struct desk *k, const char *role, struct mdg_arena *a)
{
	struct mdg_folder *v;
	struct mdg_err err;
	size_t n;

	if (!mdg_folder_list(k->d->db, k->account, a, &v, &n, &err))
		fail_msg("%s", why(&err));
	for (size_t i = 0; i < n; i++)
		if (mdg_streq(v[i].role, role))
			return v[i];
	fail_msg("no folder of that role");
	return (struct mdg_folder){0};
}

/* It was read up to this UID. */
static void
was_read(struct desk *k, int64_t low_uid)
{
	struct mdg_err err;

	if (!mdg_folder_cursor(k->d->db, k->folder, 1, low_uid, &err) ||
	    !mdg_folder_synced(k->d->db, k->folder, 1000, &err))
		fail_msg("%s", why(&err));
}

static void
keeps_body(const char *url)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct desk k = open_desk(url, "all");
	json_t *r;

	was_read(&k, 7);
	r = change(&k, json_pack("{s:s,s:i,s:s,s:s}", "smtp_host",
				 "out.example", "smtp_port", 2525, "password",
				 "new", "imap_host", "127.0.0.1"));
	assert_true(has_changed(r, "smtp_host"));
	assert_true(has_changed(r, "password"));
	assert_false(has_changed(r, "imap_host"));
	assert_false(json_is_true(json_object_get(r, "moved")));
	struct mdg_folder f = folder(&k, "intake", &a);
	assert_int_equal(f.id, k.folder);
	assert_int_equal(f.low_uid, 7);
	r = show(&k, box);
	assert_string_equal(text(r, "smtp_host"), "out.example");
	assert_int_equal(number(r, "smtp_port"), 2525);
	assert_string_equal(text(r, "imap_host"), "127.0.0.1");
	assert_string_equal(text(r, "login"), box);
	assert_null(json_object_get(r, "password"));
	close_desk(&k);
}

/* 2001 is no port of a protocol: somebody chose it. */
static void
ports_body(const char *url)
{
	struct desk k = open_desk(url, "all");
	json_t *r;

	change(&k, json_pack("{s:s,s:s}", "imap_tls", "starttls", "smtp_tls",
			     "implicit"));
	r = show(&k, box);
	assert_int_equal(number(r, "imap_port"), 143);
	assert_int_equal(number(r, "smtp_port"), 465);
	change(&k, json_pack("{s:i}", "imap_port", 2001));
	change(&k, json_pack("{s:s}", "imap_tls", "implicit"));
	assert_int_equal(number(show(&k, box), "imap_port"), 2001);
	change(&k, json_pack("{s:s}", "imap_host", "other.example"));
	assert_int_equal(number(show(&k, box), "imap_port"), 993);
	change(&k, json_pack("{s:i,s:i}", "imap_port", 65535, "smtp_port", 1));
	not_changed(&k, MDG_EINVAL, json_pack("{s:i}", "imap_port", 65536));
	not_changed(&k, MDG_EINVAL, json_pack("{s:i}", "imap_port", 0));
	not_changed(&k, MDG_EINVAL, json_pack("{s:i}", "smtp_port", 65536));
	not_changed(&k, MDG_EINVAL, json_pack("{s:s}", "imap_tls", "maybe"));
	close_desk(&k);
}

/* The same UIDVALIDITY and UIDs, as two servers of one make have them. */
static void
moves_body(const char *url)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct desk k = open_desk(url, "all");
	int64_t before = k.folder;
	json_t *r;

	int64_t first =
		take_in(&k, new_mail("a@c", "taro@c.example", "返品", "1"))
			.ticket_id;
	act(&k, &mdg_actor_system, "mailbox.policy",
	    json_pack("{s:s,s:s,s:i}", "name", box, "policy", "delete", "days",
		      30));
	was_read(&k, k.uid);
	r = change(&k, json_pack("{s:s}", "imap_host", "new.example"));
	assert_true(json_is_true(json_object_get(r, "moved")));
	struct mdg_folder f = folder(&k, "intake", &a);
	assert_true(f.id != before);
	assert_string_equal(f.name, "INBOX");
	assert_string_equal(f.policy, "delete");
	assert_string_equal(f.policy_arg, "30");
	assert_int_equal(f.uidvalidity, 0);
	assert_int_equal(f.low_uid, 0);
	assert_int_equal(f.since_s, 0);
	/* nobody is told that it is silent before its first pass is due */
	assert_int_equal(f.synced_s, 1000);
	assert_string_equal(folder(&k, "sent", &a).name, "");
	k.folder = f.id;
	k.uid = 0;
	int64_t other =
		take_in(&k, new_mail("b@c", "jiro@c.example", "交換", "2"))
			.ticket_id;
	struct mdg_intake_result again =
		take_in(&k, new_mail("a@c", "taro@c.example", "返品", "1"));
	assert_true(other != first);
	assert_int_equal(again.ticket_id, first);
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM ticket"), 2);
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM delivery"), 3);
	/* and back: a third place, as far as anybody can tell */
	change(&k, json_pack("{s:s}", "imap_host", "127.0.0.1"));
	assert_true(folder(&k, "intake", &a).id != before);
	close_desk(&k);
}

static void
places_body(const char *url)
{
	struct desk k = open_desk(url, "all");
	const struct {
		json_t *args;
		bool moves;
	} v[] = {
		{json_pack("{s:s}", "login", "support"), true},
		{json_pack("{s:i}", "imap_port", 1993), true},
		{json_pack("{s:s}", "imap_host", "a.example"), true},
		{json_pack("{s:s,s:i}", "imap_host", "A.Example", "imap_port",
			   993),
		 false},
		{json_pack("{s:s}", "ca_file", "/etc/ca.pem"), false},
		{json_pack("{s:s}", "smtp_host", "a.example"), false},
		{json_pack("{s:s}", "password", "y"), false},
	};

	for (size_t i = 0; i < MDG_LEN(v); i++) {
		json_t *r = change(&k, v[i].args);
		assert_int_equal(json_is_true(json_object_get(r, "moved")),
				 v[i].moves);
	}
	/* "": the system's authorities again */
	assert_string_equal(text(show(&k, box), "ca_file"), "/etc/ca.pem");
	change(&k, json_pack("{s:s}", "ca_file", ""));
	assert_true(json_is_null(json_object_get(show(&k, box), "ca_file")));
	close_desk(&k);
}

/* What was seen there and never came is not waited for for ever. */
static void
unfetched_body(const char *url)
{
	struct desk k = open_desk(url, "all");
	struct mdg_err err;
	bool wanted;

	for (int64_t uid = 1; uid <= 2; uid++) {
		const struct mdg_delivery d = {.account_id = k.account,
					       .folder_id = k.folder,
					       .uidvalidity = 1,
					       .uid = uid,
					       .bytes = 10};
		if (!mdg_desk_begin(k.d, &err) ||
		    !mdg_intake_listed(k.d, &d, &wanted, &err) ||
		    (uid == 2 && !mdg_intake_failed(k.d, k.account, k.folder, 1,
						    2, false, "no", &err)) ||
		    !mdg_desk_commit(k.d, &err))
			fail_msg("%s", why(&err));
	}
	if (!mdg_quota_put(k.d->db, k.account, 99, 100, 1, &err))
		fail_msg("%s", why(&err));
	change(&k, json_pack("{s:s}", "imap_host", "new.example"));
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM delivery"
				   " WHERE state = 'vanished'"),
			 2);
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM account_quota"), 0);
	close_desk(&k);
}

static void
folders_body(const char *url)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct desk k = open_desk(url, "all");
	json_t *r;

	/* one that is added begins now; INBOX goes on */
	was_read(&k, 5);
	change(&k, json_pack("{s:[s,s]}", "folders", "inbox", "お問い合わせ"));
	assert_int_equal(folder(&k, "intake", &a).low_uid, 5);
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM folder WHERE"
				   " role = 'intake' AND since_s > 0"),
			 1);
	r = json_object_get(show(&k, box), "folders");
	assert_int_equal(json_array_size(r), 2);
	assert_string_equal(json_string_value(json_array_get(r, 1)),
			    "お問い合わせ");
	/* one in its place goes back as far as it did */
	change(&k, json_pack("{s:[s]}", "folders", "Support"));
	struct mdg_folder f = folder(&k, "intake", &a);
	assert_string_equal(f.name, "Support");
	assert_int_equal(f.since_s, 0);
	change(&k,
	       json_pack("{s:[s],s:s}", "folders", "Later", "since", "now"));
	assert_true(folder(&k, "intake", &a).since_s > 0);
	/* the one that was read before comes back as it was left */
	change(&k, json_pack("{s:[s]}", "folders", "INBOX"));
	assert_int_equal(folder(&k, "intake", &a).low_uid, 5);
	change(&k, json_pack("{s:b}", "no_sent", 1));
	assert_true(json_is_true(json_object_get(show(&k, box), "no_sent")));
	change(&k, json_pack("{s:s}", "sent_folder", "Gone out"));
	assert_string_equal(folder(&k, "sent", &a).name, "Gone out");
	assert_string_equal(text(show(&k, box), "sent_folder"), "Gone out");
	change(&k, json_pack("{s:s}", "sent_folder", ""));
	assert_string_equal(folder(&k, "sent", &a).name, "");
	/* what the policy moves must not come in again */
	act(&k, &mdg_actor_system, "mailbox.policy",
	    json_pack("{s:s,s:s,s:s}", "name", box, "policy", "move", "target",
		      "Done"));
	not_changed(&k, MDG_EINVAL,
		    json_pack("{s:[s,s]}", "folders", "INBOX", "Done"));
	not_changed(&k, MDG_EINVAL, json_pack("{s:[s]}", "folders", ""));
	close_desk(&k);
}

static void
refusals_body(const char *url)
{
	struct desk k = open_desk(url, "all");
	struct mdg_actor admin = {.lang = MDG_LANG_EN};
	char tag[MDG_TAG_CHARS + 1];
	json_t *seen;

	act(&k, &mdg_actor_system, "mailbox.add",
	    json_pack("{s:s,s:s,s:s,s:s}", "window", "shop", "address",
		      "two@shop.example", "imap_host", "h", "password", "x"));
	not_changed(&k, MDG_EEXIST,
		    json_pack("{s:s}", "new_name", "two@shop.example"));
	not_changed(&k, MDG_EINVAL, json_pack("{}"));
	not_changed(&k, MDG_EINVAL,
		    json_pack("{s:s}", "imap_host", "127.0.0.1"));
	not_changed(&k, MDG_EINVAL, json_pack("{s:s}", "imap_host", ""));
	not_changed(&k, MDG_EINVAL, json_pack("{s:s}", "new_name", ""));
	not_changed(&k, MDG_EINVAL,
		    json_pack("{s:s}", "address", "a@b.example"));
	not_changed(&k, MDG_ENOENT,
		    json_pack("{s:s,s:s}", "name", "nobody", "login", "x"));
	refused(&k, &k.sv, MDG_EPERM, "mailbox.change",
		json_pack("{s:s,s:s}", "name", box, "login", "x"));
	refused(&k, &k.sv, MDG_EPERM, "mailbox.show",
		json_pack("{s:s}", "name", box));
	/* an administrator of a window is none of the installation */
	json_t *r = act(&k, &mdg_actor_system, "user.add",
			json_pack("{s:s,s:s,s:s,s:s,s:s}", "login", "wa",
				  "name", "wa", "email", "wa@shop.example",
				  "window", "shop", "role", "admin"));
	admin.person_id = number(r, "id");
	refused(&k, &admin, MDG_EPERM, "mailbox.change",
		json_pack("{s:s,s:s}", "name", box, "login", "x"));
	/* who saw it as it was does not write over who was faster */
	mdg_json_tag(show(&k, box), tag);
	seen = json_pack("{s:s,s:[s]}", "shown", "mailbox.show", "tags", tag);
	change(&k, json_pack("{s:s,s:O}", "login", "one", "if", seen));
	not_changed(&k, MDG_ESTALE,
		    json_pack("{s:s,s:o}", "login", "two", "if", seen));
	assert_string_equal(text(show(&k, box), "login"), "one");
	close_desk(&k);
}

static void
secrets_body(const char *url)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct desk k = open_desk(url, "all");
	struct mdg_err err;
	const char *secret;
	char name[32];

	change(&k, json_pack("{s:s,s:s,s:s}", "imap_host", "new.example",
			     "password", "geheim-42", "new_name", "受付"));
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM event WHERE kind ="
				   " 'mailbox.change' AND codes LIKE"
				   " '%\"imap_host\"%'"),
			 1);
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM event_data WHERE"
				   " data LIKE '%new.example%'"),
			 1);
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM event WHERE codes"
				   " LIKE '%geheim%'"),
			 0);
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM event_data WHERE"
				   " data LIKE '%geheim%'"),
			 0);
	snprintf(name, sizeof(name), "account:%lld", (long long)k.account);
	if (!mdg_desk_secret_get(k.d, name, &a, &secret, &err))
		fail_msg("%s", why(&err));
	assert_string_equal(secret, "geheim-42");
	assert_string_equal(text(show(&k, "受付"), "imap_host"), "new.example");
	refused(&k, &mdg_actor_system, MDG_ENOENT, "mailbox.show",
		json_pack("{s:s}", "name", box));
	close_desk(&k);
}

static void
sender_body(const char *url)
{
	struct desk k = open_desk(url, "all");
	json_t *name = json_pack("{s:s}", "name", "alarm");

	act(&k, &mdg_actor_system, "alarm.account",
	    json_pack("{s:s,s:s,s:s}", "address", "alarm@other.example",
		      "smtp_host", "old.example", "password", "x"));
	act(&k, &mdg_actor_system, "mailbox.change",
	    json_pack("{s:s,s:s,s:s}", "name", "alarm", "smtp_host",
		      "new.example", "password", "y"));
	assert_string_equal(text(show(&k, "alarm"), "smtp_host"),
			    "new.example");
	json_object_set_new(name, "imap_host", json_string("new.example"));
	refused(&k, &mdg_actor_system, MDG_EINVAL, "mailbox.change", name);
	close_desk(&k);
}

/* What is tried is what is saved: the plan of the same arguments. */
static void
plan_body(const char *url)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct desk k = open_desk(url, "all");
	json_t *args = json_pack("{s:s,s:s,s:[s],s:s}", "name", box,
				 "imap_host", "new.example", "folders",
				 "INBOX.Support", "password", "n");
	struct mdg_mailbox_plan p;
	struct mdg_err err;

	assert_true(mdg_mailbox_plan(k.d, args, &a, &p, &err));
	assert_true(p.moves && p.reaches);
	assert_string_equal(p.acc.imap_host, "new.example");
	assert_string_equal(p.was.imap_host, "127.0.0.1");
	assert_string_equal(p.password, "n");
	assert_int_equal(p.folders_n, 2);
	assert_string_equal(p.folders[0].name, "INBOX.Support");
	assert_string_equal(p.folders[1].role, "sent");
	json_decref(args);
	args = json_pack("{s:s,s:s}", "name", box, "new_name", "受付");
	assert_true(mdg_mailbox_plan(k.d, args, &a, &p, &err));
	assert_false(p.moves || p.reaches);
	/* and nothing has happened */
	assert_string_equal(text(show(&k, box), "imap_host"), "127.0.0.1");
	json_decref(args);
	close_desk(&k);
}

EACH(what_is_not_named_stays, keeps_body);
EACH(a_port_follows_its_protocol_unless_somebody_chose_it, ports_body);
EACH(another_place_begins_anew_and_doubles_nothing, moves_body);
EACH(host_port_and_login_make_a_place, places_body);
EACH(what_never_came_from_the_old_place_is_not_waited_for, unfetched_body);
EACH(folders_are_added_replaced_and_come_back, folders_body);
EACH(who_may_not_or_saw_it_otherwise_is_refused, refusals_body);
EACH(its_event_has_no_secret, secrets_body);
EACH(one_that_only_sends_is_changed_too, sender_body);
EACH(a_plan_changes_nothing, plan_body);

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(what_is_not_named_stays),
	cmocka_unit_test(a_port_follows_its_protocol_unless_somebody_chose_it),
	cmocka_unit_test(another_place_begins_anew_and_doubles_nothing),
	cmocka_unit_test(host_port_and_login_make_a_place),
	cmocka_unit_test(what_never_came_from_the_old_place_is_not_waited_for),
	cmocka_unit_test(folders_are_added_replaced_and_come_back),
	cmocka_unit_test(who_may_not_or_saw_it_otherwise_is_refused),
	cmocka_unit_test(its_event_has_no_secret),
	cmocka_unit_test(one_that_only_sends_is_changed_too),
	cmocka_unit_test(a_plan_changes_nothing),
	cmocka_unit_test(t_all_engines_ran),
};
DESK_TESTS(tests);
