/* Files of a reply: approved by their bytes, sent as they are, on both
 * engines. */
#include "desk_fixture.h"

#include "madoguchi/base/limits.h"

static json_t *
piece(int64_t draft, int64_t upload, int64_t n, const char *bytes, size_t len)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf text = {0};

	mdg_base64(&text, (const unsigned char *)bytes, len);
	return json_pack("{s:I,s:I,s:I,s:s}", "draft", draft, "upload", upload,
			 "n", n, "base64", mdg_buf_str(&text));
}

static json_t *
begin_arg(int64_t draft, const char *name, int64_t bytes)
{
	return json_pack("{s:I,s:s,s:s,s:I}", "draft", draft, "filename", name,
			 "media_type", "application/pdf", "bytes", bytes);
}

static json_t *
end_arg(int64_t draft, int64_t upload)
{
	return json_pack("{s:I,s:I}", "draft", draft, "upload", upload);
}

static int64_t
attach(struct desk *k, int64_t draft, const char *name, const char *text)
{
	size_t n = strlen(text), half = n / 2;
	json_t *r = act(k, &k->op, "upload.begin",
			begin_arg(draft, name, (int64_t)n));
	int64_t upload = json_integer_value(json_object_get(r, "upload"));

	act(k, &k->op, "upload.put", piece(draft, upload, 0, text, half));
	act(k, &k->op, "upload.put",
	    piece(draft, upload, 1, text + half, n - half));
	act(k, &k->op, "upload.end", end_arg(draft, upload));
	return upload;
}

/* What a lead approves with who has seen the recipients and the files. */
static json_t *
looked_at(struct desk *k, int64_t draft)
{
	json_t *shown = act(k, &k->sv, "approval.show", draft_arg(draft));

	return json_pack("{s:I,s:O}", "draft", (json_int_t)draft, "confirm",
			 json_object_get(json_object_get(shown, "confirm"),
					 "code"));
}

static void
sent_body(const char *url)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	MDG_AUTO(mdg_buf_clear) struct mdg_buf text = {0};
	struct desk k = open_desk(url, "novice");
	struct mdg_outbox_job job;
	int64_t t = take_in(&k, new_mail("a@c", "taro@c.example", "返品", "1"))
			    .ticket_id;
	int64_t d = draft_for(&k, t, "太郎 様\n\n資料を添付します。");

	attach(&k, d, "見積書（最終）.pdf", "%PDF-1.4 this is it");
	/* attachments out are looked at by somebody else */
	json_t *r = act(&k, &k.op, "draft.submit", draft_arg(d));
	assert_null(json_object_get(r, "outbox"));
	r = act(&k, &k.sv, "draft.show", draft_arg(d));
	json_t *files = json_object_get(json_object_get(r, "mail"), "files");
	assert_string_equal(json_string_value(json_object_get(
				    json_array_get(files, 0), "filename")),
			    "見積書（最終）.pdf");
	act(&k, &k.sv, "approve", looked_at(&k, d));
	act(&k, &mdg_actor_system, "golive", json_object());
	assert_true(claim(&k, &a, &job));
	mdg_base64(&text, (const unsigned char *)"%PDF-1.4 this is it", 19);
	assert_non_null(memmem(job.bytes.p, job.bytes.n, mdg_buf_str(&text),
			       text.len));
	assert_non_null(memmem(job.bytes.p, job.bytes.n, "multipart/mixed",
			       15));
	answer(&k, job.outbox_id, "accepted");
	/* what was sent is shown with the mail */
	r = act(&k, &k.op, "attachment.list",
		json_pack("{s:I}", "ticket", (json_int_t)number_of(&k, t)));
	json_t *one = json_array_get(json_object_get(r, "attachments"), 0);
	assert_string_equal(json_string_value(json_object_get(one, "filename")),
			    "見積書（最終）.pdf");
	assert_int_equal(json_integer_value(json_object_get(one, "bytes")), 19);
	close_desk(&k);
}

static void
bound_body(const char *url)
{
	struct desk k = open_desk(url, "all");
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_outbox_job job;
	struct mdg_err err;
	int64_t t = take_in(&k, new_mail("a@c", "taro@c.example", "返品", "1"))
			    .ticket_id;
	int64_t d = draft_for(&k, t, "太郎 様\n\n資料を添付します。"), u;

	u = attach(&k, d, "a.pdf", "one");
	act(&k, &k.op, "draft.submit", draft_arg(d));
	/* who decides may look into it, who has no part in the window may not
	 */
	json_t *r = act(&k, &k.sv, "draft.file", end_arg(d, u));
	assert_string_equal(json_string_value(json_object_get(r, "filename")),
			    "a.pdf");
	assert_int_equal(json_integer_value(json_object_get(r, "bytes")), 3);
	struct mdg_actor stranger = {.person_id = 999, .name = "person:999"};
	refused(&k, &stranger, MDG_EPERM, "draft.file", end_arg(d, u));
	refused(&k, &k.sv, MDG_ENOENT, "draft.file", end_arg(d, u + 1));
	/* another file is another mail */
	attach(&k, d, "b.pdf", "two");
	refused(&k, &k.sv, MDG_ESTATE, "approve", draft_arg(d));
	act(&k, &k.op, "draft.submit", draft_arg(d));
	act(&k, &k.op, "draft.detach", end_arg(d, u));
	refused(&k, &k.sv, MDG_ESTATE, "approve", draft_arg(d));
	refused(&k, &k.op, MDG_ENOENT, "draft.detach", end_arg(d, u));
	act(&k, &k.op, "draft.submit", draft_arg(d));
	act(&k, &k.sv, "approve", looked_at(&k, d));
	refused(&k, &k.op, MDG_ESTATE, "upload.begin", begin_arg(d, "c", 1));
	/* somebody with the database in hand */
	act(&k, &mdg_actor_system, "golive", json_object());
	assert_true(mdg_db_run(k.d->db, &err,
			       "UPDATE upload_chunk SET bytes = ?1", "b",
			       mdg_span("x", 1)));
	mdg_db_run(k.d->db, NULL, "UPDATE outbox SET not_before_s = 0", "");
	assert_int_equal(mdg_outbox_claim(k.d, k.account, &a, &job, &err),
			 MDG_FAILED);
	assert_int_equal(err.code, MDG_EFORMAT);
	close_desk(&k);
}

static void
limits_body(const char *url)
{
	struct desk k = open_desk(url, "all");
	int64_t t = take_in(&k, new_mail("a@c", "taro@c.example", "返品", "1"))
			    .ticket_id;
	int64_t d = draft_for(&k, t, "太郎 様\n\n資料を添付します。");
	int64_t u;

	refused(&k, &k.op, MDG_ETOOBIG, "upload.begin",
		begin_arg(d, "big", (int64_t)MDG_UPLOAD_BYTES_MAX + 1));
	refused(&k, &k.op, MDG_EINVAL, "upload.begin", begin_arg(d, "..", 1));
	u = json_integer_value(json_object_get(
		act(&k, &k.op, "upload.begin",
		    begin_arg(d, "../x/ok", (int64_t)MDG_UPLOAD_BYTES_MAX)),
		"upload"));
	/* not all of it came: it never becomes part of the draft */
	act(&k, &k.op, "upload.put", piece(d, u, 0, "abc", 3));
	refused(&k, &k.op, MDG_EEXIST, "upload.put", piece(d, u, 0, "x", 1));
	refused(&k, &k.op, MDG_EFORMAT, "upload.end", end_arg(d, u));
	refused(&k, &k.op, MDG_EINVAL, "upload.put",
		json_pack("{s:I,s:I,s:i,s:s}", "draft", d, "upload", u, "n", 1,
			  "base64", "%%%"));
	json_t *r = act(&k, &k.op, "draft.show", draft_arg(d));
	assert_int_equal(json_array_size(json_object_get(r, "files")), 0);
	for (int i = 0; i < MDG_UPLOADS_MAX; i++)
		attach(&k, d, "a", "a");
	refused(&k, &k.op, MDG_ETOOBIG, "upload.begin", begin_arg(d, "n", 1));
	act(&k, &k.op, "draft.discard", draft_arg(d));
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM upload_chunk"), 0);
	close_desk(&k);
}

EACH(a_file_is_sent_as_it_was_approved, sent_body);
EACH(an_approval_is_for_these_files_alone, bound_body);
EACH(files_meet_their_limits, limits_body);

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(a_file_is_sent_as_it_was_approved),
	cmocka_unit_test(an_approval_is_for_these_files_alone),
	cmocka_unit_test(files_meet_their_limits),
	cmocka_unit_test(t_all_engines_ran),
};
DESK_TESTS(tests);
