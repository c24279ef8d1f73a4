/* What the virus scanner says, and what people may do then; on both engines.
 * (clamd itself: tests/it/test_clamd.py) */
#include "desk_fixture.h"

#include "madoguchi/app/scan.h"

static struct mdg_err err;

static struct mdg_intake_result
with_file(struct desk *k, const char *id)
{
	struct mdg_mail *m = new_mail(id, "taro@c.example", "写真", "送ります");

	m->attachments = mdg_arena_array(&m->arena, 1, sizeof(*m->attachments));
	m->attachments_n = 1;
	m->attachments[0] = (struct mdg_attachment){
		.filename = "写真.jpg", .media_type = "image/jpeg"};
	return take_in(k, m);
}

static json_t *
file_of(const struct mdg_intake_result *r)
{
	return json_pack("{s:I,s:i}", "message", r->message_id, "n", 1);
}

static json_t *
message_of(const struct mdg_intake_result *r)
{
	return json_pack("{s:I}", "message", r->message_id);
}

static json_t *
release_of(const struct mdg_intake_result *r, const char *reason)
{
	return json_pack("{s:I,s:s}", "message", r->message_id, "reason",
			 reason);
}

/* A scanner that says so of what it would be asked next. */
static struct mdg_scan
says(struct desk *k, const char *state, const char *name)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_scan s;

	assert_int_equal(mdg_scan_next(k->d->db, mdg_now_s(), &a, &s, &err),
			 MDG_FOUND);
	assert_true(mdg_desk_begin(k->d, &err));
	if (!(state ? mdg_scan_keep(k->d, &s, state, name, &err)
		    : mdg_scan_failed(k->d, &s, &err)))
		fail_msg("%s", why(&err));
	assert_true(mdg_desk_commit(k->d, &err));
	s.kind = mdg_streq(s.kind, "mail") ? "mail" : "upload";
	return s;
}

static bool
nothing_waits(struct desk *k)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_scan s;

	return mdg_scan_next(k->d->db, mdg_now_s(), &a, &s, &err) == MDG_NONE;
}

static struct desk
open_scanning(const char *url, const char *approval)
{
	struct desk k = open_desk(url, approval);

	assert_true(mdg_scan_start(k.d, true, &err));
	return k;
}

/* ---- mails ---- */

static void
off(const char *url)
{
	struct desk k = open_desk(url, "all");
	struct mdg_intake_result r = with_file(&k, "a@c");

	assert_true(nothing_waits(&k));
	act(&k, &k.op, "attachment.save", file_of(&r));
	act(&k, &k.op, "message.raw", message_of(&r));
	refused(&k, &k.sv, MDG_ESTATE, "scan.release", release_of(&r, "x"));
	close_desk(&k);
}

static void
waiting(const char *url)
{
	struct desk k = open_scanning(url, "all");
	struct mdg_intake_result r = with_file(&k, "a@c");

	assert_string_equal(state_of(&k, number_of(&k, r.ticket_id)), "new");
	refused(&k, &k.op, MDG_EPERM, "attachment.save", file_of(&r));
	refused(&k, &k.op, MDG_EPERM, "message.raw", message_of(&r));
	act(&k, &k.sv, "attachment.save", file_of(&r));
	says(&k, "skipped", "too_large");
	refused(&k, &k.op, MDG_EPERM, "attachment.save", file_of(&r));
	act(&k, &k.sv, "attachment.save", file_of(&r));
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM event"
				   " WHERE kind = 'scan.skipped'"),
			 1);
	/* a new start of the daemon asks again */
	assert_true(mdg_scan_start(k.d, true, &err));
	says(&k, "clean", "");
	act(&k, &k.op, "attachment.save", file_of(&r));
	act(&k, &k.op, "message.raw", message_of(&r));
	assert_true(nothing_waits(&k));
	close_desk(&k);
}

static void
found(const char *url)
{
	struct desk k = open_scanning(url, "all");
	struct mdg_intake_result r = with_file(&k, "a@c");

	assert_false(has_badge(&k, number_of(&k, r.ticket_id), "virus"));
	says(&k, "found", "Evil.Test");
	assert_true(has_badge(&k, number_of(&k, r.ticket_id), "virus"));
	assert_string_equal(state_of(&k, number_of(&k, r.ticket_id)), "new");
	const struct mdg_actor *all[] = {&k.op, &k.sv, &mdg_actor_system};
	for (size_t i = 0; i < MDG_LEN(all); i++) {
		refused(&k, all[i], MDG_EPERM, "attachment.save", file_of(&r));
		refused(&k, all[i], MDG_EPERM, "message.raw", message_of(&r));
	}
	/* its words are read all the same */
	act(&k, &k.op, "ticket.show",
	    json_pack("{s:I}", "ticket", number_of(&k, r.ticket_id)));
	/* no start of the daemon, with or without a scanner, opens it */
	assert_true(mdg_scan_start(k.d, true, &err));
	assert_true(mdg_scan_start(k.d, false, &err));
	refused(&k, &k.sv, MDG_EPERM, "attachment.save", file_of(&r));
	refused(&k, &k.op, MDG_EPERM, "scan.release", release_of(&r, "見本"));
	refused(&k, &k.sv, MDG_EINVAL, "scan.release", release_of(&r, " \n"));
	act(&k, &k.sv, "scan.release", release_of(&r, "見本のため"));
	assert_false(has_badge(&k, number_of(&k, r.ticket_id), "virus"));
	refused(&k, &k.op, MDG_EPERM, "attachment.save", file_of(&r));
	act(&k, &k.sv, "attachment.save", file_of(&r));
	refused(&k, &k.sv, MDG_ESTATE, "scan.release", release_of(&r, "x"));
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM event WHERE kind IN"
				   " ('scan.found', 'scan.released')"),
			 2);
	/* the reason may hold names: it is apart from the chain */
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM event"
				   " WHERE codes LIKE '%見本%'"),
			 0);
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM event_data"
				   " WHERE data LIKE '%見本%'"),
			 1);
	close_desk(&k);
}

/* A mail in error that is read after all is another message. */
static void
reread(const char *url)
{
	struct desk k = open_scanning(url, "all");
	struct mdg_intake_result r = with_file(&k, "a@c");
	struct mdg_scan s = says(&k, "found", "Evil.Test");

	act(&k, &mdg_actor_system, "ticket.show",
	    json_pack("{s:I}", "ticket", number_of(&k, r.ticket_id)));
	assert_true(mdg_db_run(k.d->db, &err,
			       "UPDATE message SET flags = '{}' WHERE id = ?1",
			       "i", r.message_id));
	assert_false(has_badge(&k, number_of(&k, r.ticket_id), "virus"));
	assert_true(mdg_scan_mail(k.d, r.message_id, s.item_id, &err));
	assert_true(has_badge(&k, number_of(&k, r.ticket_id), "virus"));
	assert_true(nothing_waits(&k));
	close_desk(&k);
}

static int64_t add_file(struct desk *k, int64_t draft);

static void
order(const char *url)
{
	struct desk k = open_scanning(url, "all");
	struct mdg_intake_result a = with_file(&k, "a@c");
	struct mdg_intake_result b = with_file(&k, "b@c");
	int64_t upload = add_file(&k, draft_for(&k, a.ticket_id, "太郎 様"));

	/* somebody waits for the file; then the newest mail */
	assert_int_equal(says(&k, "clean", "").item_id, upload);
	assert_int_equal(says(&k, NULL, NULL).about_id, b.message_id);
	/* one that kills the scanner lets the others go first */
	assert_int_equal(says(&k, "clean", "").about_id, a.message_id);
	assert_true(nothing_waits(&k));
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM scan"
				   " WHERE state = 'waiting' AND tries = 1"),
			 1);
	refused(&k, &k.op, MDG_EPERM, "attachment.save", file_of(&b));
	assert_true(mdg_scan_start(k.d, true, &err));
	assert_int_equal(says(&k, "clean", "").about_id, b.message_id);
	act(&k, &k.op, "attachment.save", file_of(&b));
	close_desk(&k);
}

static void
no_more(const char *url)
{
	struct desk k = open_scanning(url, "all");
	struct mdg_intake_result r = with_file(&k, "a@c");

	refused(&k, &k.op, MDG_EPERM, "attachment.save", file_of(&r));
	assert_true(mdg_scan_start(k.d, false, &err));
	act(&k, &k.op, "attachment.save", file_of(&r));
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM scan"), 0);
	close_desk(&k);
}

/* ---- files of replies ---- */

static int64_t
add_file(struct desk *k, int64_t draft)
{
	json_t *r = act(k, &k->op, "upload.begin",
			json_pack("{s:I,s:s,s:i}", "draft", draft, "filename",
				  "資料.pdf", "bytes", 3));
	int64_t upload = json_integer_value(json_object_get(r, "upload"));

	act(k, &k->op, "upload.put",
	    json_pack("{s:I,s:I,s:i,s:s}", "draft", draft, "upload", upload,
		      "n", 0, "base64", "YWJj"));
	act(k, &k->op, "upload.end",
	    json_pack("{s:I,s:I}", "draft", draft, "upload", upload));
	return upload;
}

static json_t *
override_of(int64_t draft)
{
	return json_pack("{s:I,s:s}", "draft", draft, "override", "急ぎ");
}

static void
upload_found(const char *url)
{
	struct desk k = open_scanning(url, "all");
	int64_t t = take_in(&k, new_mail("a@c", "taro@c.example", "返品", "1"))
			    .ticket_id;
	int64_t d = draft_for(&k, t, "太郎 様\n\n資料を添付します。");
	int64_t upload = add_file(&k, d);

	says(&k, "found", "Evil.Test");
	refused(&k, &k.op, MDG_ESTATE, "draft.submit", draft_arg(d));
	refused(&k, &k.op, MDG_ESTATE, "draft.submit", override_of(d));
	refused(&k, &k.sv, MDG_EPERM, "draft.file",
		json_pack("{s:I,s:I}", "draft", d, "upload", upload));
	act(&k, &k.op, "draft.detach",
	    json_pack("{s:I,s:I}", "draft", d, "upload", upload));
	act(&k, &k.op, "draft.submit", draft_arg(d));
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM scan"
				   " WHERE kind = 'upload'"),
			 0);
	close_desk(&k);
}

static bool
is_cared_for(const json_t *result)
{
	return strstr(json_string_value(json_object_get(result, "care")),
		      "unscanned") != NULL;
}

/* Where nobody approves, a lead looks at what nobody scanned. */
static void
upload_unscanned(const char *url)
{
	struct desk k = open_scanning(url, "none");
	int64_t t = take_in(&k, new_mail("a@c", "taro@c.example", "返品", "1"))
			    .ticket_id;
	int64_t d = draft_for(&k, t, "太郎 様\n\n資料を添付します。");

	add_file(&k, d);
	json_t *r = act(&k, &k.op, "draft.submit", draft_arg(d));
	assert_true(is_cared_for(r));
	assert_string_equal(json_string_value(json_object_get(r, "state")),
			    "waiting");
	/* what is found then takes it back, and it does not go again */
	says(&k, "found", "Evil.Test");
	r = act(&k, &k.op, "draft.show", draft_arg(d));
	assert_string_equal(json_string_value(json_object_get(r, "state")),
			    "editing");
	refused(&k, &k.op, MDG_ESTATE, "draft.submit", draft_arg(d));
	close_desk(&k);
}

static void
upload_clean(const char *url)
{
	struct desk k = open_scanning(url, "none");
	int64_t t = take_in(&k, new_mail("a@c", "taro@c.example", "返品", "1"))
			    .ticket_id;
	int64_t d = draft_for(&k, t, "太郎 様\n\n資料を添付します。");

	add_file(&k, d);
	says(&k, "clean", "");
	json_t *r = act(&k, &k.op, "draft.submit", draft_arg(d));
	assert_false(is_cared_for(r));
	assert_string_not_equal(json_string_value(json_object_get(r, "state")),
				"waiting");
	close_desk(&k);
}

/* What was on its way to the outbox already does not leave. */
static void
found_late(const char *url)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct desk k = open_scanning(url, "none");
	struct mdg_outbox_job job;
	int64_t t = take_in(&k, new_mail("a@c", "taro@c.example", "返品", "1"))
			    .ticket_id;
	int64_t d = draft_for(&k, t, "太郎 様\n\n資料を添付します。");

	add_file(&k, d);
	act(&k, &k.op, "draft.submit", draft_arg(d));
	json_t *shown = act(&k, &k.sv, "approval.show", draft_arg(d));
	act(&k, &k.sv, "approve",
	    json_pack("{s:I,s:O}", "draft", (json_int_t)d, "confirm",
		      json_object_get(json_object_get(shown, "confirm"),
				      "code")));
	act(&k, &mdg_actor_system, "golive", json_object());
	says(&k, "found", "Evil.Test");
	assert_false(claim(&k, &a, &job));
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM outbox"
				   " WHERE kind = 'reply'"
				   " AND state = 'cancelled'"),
			 1);
	close_desk(&k);
}

/* ---- the leads ---- */

static void
told(const char *url)
{
	struct desk k = open_scanning(url, "all");
	int64_t now_s = mdg_now_s();

	act(&k, &mdg_actor_system, "sla.notify",
	    json_pack("{s:s}", "at_night", "on"));
	for (int i = 0; i < 3; i++) {
		with_file(&k, i == 0 ? "a@c" : i == 1 ? "b@c" : "c@c");
		says(&k, "found", "Evil.Test");
	}
	/* nothing is mailed before the desk is live, and nothing forgotten */
	assert_true(mdg_scan_tell(k.d, now_s, &err));
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM notice"), 0);
	act(&k, &mdg_actor_system, "golive", json_object());
	assert_true(mdg_scan_tell(k.d, now_s, &err));
	int64_t mails = count(&k, "SELECT COUNT(*) FROM notice"
				  " WHERE text LIKE '%Evil.Test%'");
	assert_int_equal(mails, count(&k, "SELECT COUNT(DISTINCT person_id)"
					  " FROM member WHERE role = 'sv'"));
	assert_true(mails > 0);
	/* within the pause the next ones gather */
	with_file(&k, "d@c");
	says(&k, "found", "Late.Test");
	assert_true(mdg_scan_tell(k.d, now_s + 60, &err));
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM notice"), mails);
	assert_true(mdg_scan_tell(k.d, now_s + 3600, &err));
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM notice"
				   " WHERE text LIKE '%Late.Test%'"
				   " AND text NOT LIKE '%Evil.Test%'"),
			 mails);
	assert_true(mdg_scan_tell(k.d, now_s + 9999, &err));
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM notice"), 2 * mails);
	close_desk(&k);
}

EACH(without_a_scanner_nothing_is_held_back, off);
EACH(until_it_is_scanned_a_file_is_opened_by_leads_only, waiting);
EACH(what_is_found_is_opened_by_nobody_until_a_lead_says_why, found);
EACH(a_mail_that_is_read_once_more_stays_found, reread);
EACH(files_go_first_then_new_mail_and_trouble_last, order);
EACH(without_the_scanner_again_only_findings_stay, no_more);
EACH(a_reply_with_a_virus_is_not_asked_approval_for, upload_found);
EACH(a_file_that_nobody_scanned_is_seen_by_a_lead, upload_unscanned);
EACH(a_clean_file_changes_nothing, upload_clean);
EACH(what_is_found_late_does_not_leave, found_late);
EACH(leads_are_told_once_many_in_one_mail, told);

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(without_a_scanner_nothing_is_held_back),
	cmocka_unit_test(until_it_is_scanned_a_file_is_opened_by_leads_only),
	cmocka_unit_test(
		what_is_found_is_opened_by_nobody_until_a_lead_says_why),
	cmocka_unit_test(a_mail_that_is_read_once_more_stays_found),
	cmocka_unit_test(files_go_first_then_new_mail_and_trouble_last),
	cmocka_unit_test(without_the_scanner_again_only_findings_stay),
	cmocka_unit_test(a_reply_with_a_virus_is_not_asked_approval_for),
	cmocka_unit_test(a_file_that_nobody_scanned_is_seen_by_a_lead),
	cmocka_unit_test(a_clean_file_changes_nothing),
	cmocka_unit_test(what_is_found_late_does_not_leave),
	cmocka_unit_test(leads_are_told_once_many_in_one_mail),
	cmocka_unit_test(t_all_engines_ran),
};
DESK_TESTS(tests);
