-- The desk's data as it is dear to change later, also where the feature that
-- fills it comes later. Times are unix seconds UTC (_s). States are the names
-- in desk/*_machine.h. Rows are written on the way of every mail in the
-- tables from `delivery` to `event`: few indexes there, on purpose.
--
-- (win is a 窓口, person a user: `window` and `user` are reserved words.)

CREATE TABLE setting (
	key TEXT PRIMARY KEY,
	value TEXT NOT NULL
) @KEYED@;

-- Sealed with the master key (crypto/seal.h): token keys, passwords.
CREATE TABLE secret (
	name TEXT PRIMARY KEY,
	sealed @BLOB@ NOT NULL
) @KEYED@;

CREATE TABLE person (
	id @ID@,
	login TEXT NOT NULL UNIQUE,
	name TEXT NOT NULL,
	email TEXT NOT NULL,
	os_uid @INT@,               -- who may speak for this person by CLI
	lang TEXT NOT NULL,         -- ja | en
	is_admin @INT@ NOT NULL,
	disabled @INT@ NOT NULL,
	created_s @INT@ NOT NULL
) @STRICT@;

-- How a person works: there or not, how much at once, on what.
CREATE TABLE person_work (
	person_id @INT@ PRIMARY KEY REFERENCES person (id),
	absent @INT@ NOT NULL,
	absent_until_s @INT@,       -- NULL: until told otherwise
	capacity @INT@ NOT NULL,    -- open tickets given to them, 0: any number
	skills TEXT NOT NULL,       -- categories, a line each; '' all
	assigned_s @INT@ NOT NULL,  -- when they were last given one
	links_since_s @INT@ NOT NULL -- what was handed out before is dead
) @STRICT@;

-- ---- signing in ----------------------------------------------------------

-- argon2id: the key is derived outside of the core, which keeps its digest.
CREATE TABLE passkey (
	person_id @INT@ PRIMARY KEY REFERENCES person (id),
	salt @BLOB@ NOT NULL,
	ops @INT@ NOT NULL,
	mem_bytes @INT@ NOT NULL,
	digest @BLOB@ NOT NULL,     -- BLAKE2b-256 of the key
	set_s @INT@ NOT NULL
) @STRICT@;

-- Who is signed in, by the digest of the token that the browser holds.
CREATE TABLE session (
	id @ID@,
	hash @BLOB@ NOT NULL UNIQUE,
	person_id @INT@ NOT NULL REFERENCES person (id),
	address TEXT NOT NULL,
	agent TEXT NOT NULL,
	created_s @INT@ NOT NULL,
	used_s @INT@ NOT NULL
) @STRICT@;

-- Who signs in with a code besides; the key itself is secret 'totp:N'.
CREATE TABLE totp (
	person_id @INT@ PRIMARY KEY REFERENCES person (id),
	confirmed_s @INT@ NOT NULL, -- 0: begun, no code is asked for yet
	last_step @INT@ NOT NULL    -- of the last code: none is good twice
) @STRICT@;
CREATE TABLE totp_recovery (
	person_id @INT@ NOT NULL REFERENCES person (id),
	hash @BLOB@ NOT NULL,       -- BLAKE2b-256 of the code
	PRIMARY KEY (person_id, hash)
) @KEYED@;

-- Tokens by which programs speak for a person, by their digest.
CREATE TABLE api_token (
	id @ID@,
	hash @BLOB@ NOT NULL UNIQUE,
	person_id @INT@ NOT NULL REFERENCES person (id),
	name TEXT NOT NULL,
	scopes @INT@ NOT NULL,      -- enum mdg_token_scope, added up
	created_s @INT@ NOT NULL,
	expires_s @INT@ NOT NULL,
	used_s @INT@ NOT NULL       -- 0: never
) @STRICT@;
CREATE INDEX api_token_person ON api_token (person_id);

-- Passwords that were wrong, in a row: "login:…", "address:…".
CREATE TABLE login_try (
	subject TEXT PRIMARY KEY,
	n @INT@ NOT NULL,
	last_s @INT@ NOT NULL
) @KEYED@;

-- ---- calendars and policies: a version is never changed -----------------

CREATE TABLE calendar (
	id @ID@,
	name TEXT NOT NULL,
	version @INT@ NOT NULL,
	json TEXT NOT NULL,         -- CAL.json of `madoguchi sla`
	created_s @INT@ NOT NULL,
	UNIQUE (name, version)
) @STRICT@;

CREATE TABLE policy (
	id @ID@,
	name TEXT NOT NULL,
	version @INT@ NOT NULL,
	json TEXT NOT NULL,
	created_s @INT@ NOT NULL,
	UNIQUE (name, version)
) @STRICT@;

-- ---- accounts and windows ----------------------------------------------

CREATE TABLE account (
	id @ID@,
	name TEXT NOT NULL,         -- one in use has it
	address TEXT NOT NULL,
	imap_host TEXT NOT NULL,
	imap_port @INT@ NOT NULL,
	imap_tls @INT@ NOT NULL,    -- enum mdg_tls_mode
	smtp_host TEXT NOT NULL,
	smtp_port @INT@ NOT NULL,
	smtp_tls @INT@ NOT NULL,
	auth TEXT NOT NULL,         -- password | oauth2
	login TEXT NOT NULL,
	ca_file TEXT,
	sent_folder TEXT,           -- NULL: the one marked \Sent
	removed @INT@ NOT NULL,
	created_s @INT@ NOT NULL
) @STRICT@;
CREATE UNIQUE INDEX account_name ON account (name) WHERE removed = 0;

-- An account without a password: where its access is renewed (app/oauth.h).
CREATE TABLE oauth (
	account_id @INT@ PRIMARY KEY REFERENCES account (id),
	flow TEXT NOT NULL,         -- device | code | client
	client_id TEXT NOT NULL,
	scope TEXT NOT NULL,
	token_url TEXT NOT NULL,
	start_url TEXT NOT NULL,
	redirect_uri TEXT NOT NULL,
	ca_file TEXT,
	state TEXT NOT NULL,        -- wanted | ok | reauth
	expires_s @INT@ NOT NULL,   -- the access token
	refresh_expires_s @INT@ NOT NULL -- 0: not told
) @STRICT@;

CREATE TABLE folder (
	id @ID@,
	account_id @INT@ NOT NULL REFERENCES account (id),
	name TEXT NOT NULL,         -- as the server spells it; '' with role sent:
	                            -- the one marked \Sent
	role TEXT NOT NULL,         -- intake | sent | junk
	found_name TEXT NOT NULL,   -- what '' stood for at the last opening
	removed @INT@ NOT NULL,     -- 1: not read any more; 2: left behind on a
	                            -- server that the account is not on now
	uidvalidity @INT@ NOT NULL, -- 0: not seen yet
	low_uid @INT@ NOT NULL,     -- everything up to here is committed
	since_s @INT@ NOT NULL,     -- first sync: 0 all, else from then
	begun_uid @INT@ NOT NULL,   -- UIDNEXT when this began; since_s holds for
	                            -- what was there, below it
	synced_s @INT@ NOT NULL,    -- last complete pass
	-- what the server's folder is like once its mails are stored
	policy TEXT NOT NULL,       -- leave | keyword | move | delete
	policy_arg TEXT NOT NULL,   -- move: the folder; delete: days
	policy_uid @INT@ NOT NULL,  -- done with everything up to here
	-- the last comparison of all UIDs with ours, and what it was made of
	looked_s @INT@ NOT NULL,
	clean_s @INT@ NOT NULL,     -- the last one that found all accounted for
	look_next @INT@ NOT NULL,   -- UIDNEXT, EXISTS, HIGHESTMODSEQ (0: none)
	look_exists @INT@ NOT NULL,
	look_modseq @INT@ NOT NULL,
	problem TEXT NOT NULL       -- why it is not read now, "" if it is
) @STRICT@;
CREATE UNIQUE INDEX folder_name ON folder (account_id, name)
	WHERE removed < 2;

-- UIDs that a first sync left out by order: older than folder.since_s.
CREATE TABLE ignored (
	folder_id @INT@ NOT NULL,
	uidvalidity @INT@ NOT NULL,
	first_uid @INT@ NOT NULL,
	last_uid @INT@ NOT NULL,
	PRIMARY KEY (folder_id, uidvalidity, first_uid)
) @KEYED@;

-- What the server said of the mailbox's size last.
CREATE TABLE account_quota (
	account_id @INT@ PRIMARY KEY,
	used_bytes @INT@ NOT NULL,
	limit_bytes @INT@ NOT NULL, -- 0: none
	asked_s @INT@ NOT NULL
) @STRICT@;

CREATE TABLE win (
	id @ID@,
	code TEXT NOT NULL UNIQUE,
	name TEXT NOT NULL,
	address TEXT NOT NULL,      -- From of a mail that starts here
	from_name TEXT NOT NULL,
	greeting TEXT NOT NULL,     -- 冒頭文
	closing TEXT NOT NULL,      -- 結び
	signature TEXT NOT NULL,    -- 署名
	greeting_en TEXT NOT NULL DEFAULT '', -- of letters in English
	closing_en TEXT NOT NULL DEFAULT '',
	signature_en TEXT NOT NULL DEFAULT '', -- '': the other one
	lang TEXT NOT NULL DEFAULT 'ja', -- where no mail tells: ja | en
	columns @INT@ NOT NULL DEFAULT 70, -- replies are wrapped there
	quote TEXT NOT NULL DEFAULT 'none', -- none | part | whole
	subject_tag TEXT NOT NULL DEFAULT 'none', -- none | head | end
	calendar TEXT NOT NULL,     -- name; the newest version counts
	policy TEXT NOT NULL,
	approval TEXT NOT NULL,     -- all | novice | none
	self_approval @INT@ NOT NULL,
	spam_points @INT@ NOT NULL DEFAULT 5, -- from here 迷惑の疑い; 0: never
	created_s @INT@ NOT NULL
) @STRICT@;

CREATE TABLE win_address (
	key TEXT PRIMARY KEY,       -- comparable form (mail/addr.h)
	win_id @INT@ NOT NULL REFERENCES win (id),
	address TEXT NOT NULL
) @KEYED@;

-- Which accounts a window reads and sends by; domain '' is the default, else
-- the recipient's domain that must be sent through this account.
CREATE TABLE win_account (
	win_id @INT@ NOT NULL REFERENCES win (id),
	account_id @INT@ NOT NULL REFERENCES account (id),
	domain TEXT NOT NULL,
	PRIMARY KEY (win_id, account_id, domain)
) @KEYED@;

-- Windows that send receipts (自動受付).
CREATE TABLE win_receipt (
	win_id @INT@ PRIMARY KEY,
	template_id TEXT NOT NULL,
	set_s @INT@ NOT NULL
) @STRICT@;

CREATE TABLE member (
	win_id @INT@ NOT NULL REFERENCES win (id),
	person_id @INT@ NOT NULL REFERENCES person (id),
	role TEXT NOT NULL,         -- operator | sv | admin | viewer
	is_novice @INT@ NOT NULL,
	PRIMARY KEY (win_id, person_id)
) @KEYED@;

-- Mail that a form sends for a customer: who writes it, how we know that it
-- does, and where the fields are in its body.
CREATE TABLE form_notice (
	id @ID@,
	win_id @INT@ NOT NULL REFERENCES win (id),
	name TEXT NOT NULL,
	address TEXT NOT NULL,      -- its From
	from_key TEXT NOT NULL,
	subject TEXT NOT NULL,      -- pattern (mail/form.h), '' for any
	fields TEXT NOT NULL,       -- JSON: {"name": "お名前", …}
	server TEXT NOT NULL,       -- whose Authentication-Results count, or ''
	pass_domain TEXT NOT NULL,  -- that must have passed there
	route TEXT NOT NULL,        -- the way it comes in by, or ''
	created_s @INT@ NOT NULL,
	UNIQUE (win_id, name)
) @STRICT@;

-- ---- customers ----------------------------------------------------------

CREATE TABLE customer (
	id @OWNID@,
	name TEXT NOT NULL,
	company TEXT NOT NULL,
	phone TEXT NOT NULL,
	note TEXT NOT NULL,
	kana TEXT NOT NULL DEFAULT '', -- reading of the name
	created_s @INT@ NOT NULL
) @STRICT@;

-- All numbers; customer.phone is the one shown first.
CREATE TABLE customer_phone (
	key TEXT NOT NULL,          -- digits (app/customers.h)
	customer_id @INT@ NOT NULL REFERENCES customer (id),
	phone TEXT NOT NULL,
	PRIMARY KEY (key, customer_id)
) @KEYED@;
CREATE INDEX customer_phones ON customer_phone (customer_id, key);

CREATE TABLE customer_address (
	key TEXT PRIMARY KEY,
	customer_id @INT@ NOT NULL REFERENCES customer (id),
	address TEXT NOT NULL,
	bounce TEXT,                -- hard | soft: mail to it came back
	bounced_s @INT@
) @KEYED@;
CREATE INDEX customer_addresses ON customer_address (customer_id, key);

-- ---- the way of a mail --------------------------------------------------

CREATE TABLE raw (
	id @OWNID@,
	account_id @INT@ NOT NULL,
	bytes @INT@ NOT NULL,
	digest @BLOB@ NOT NULL      -- BLAKE2b-256 of the mail as fetched
) @STRICT@;
CREATE INDEX raw_half ON raw (id) WHERE bytes = -1;

-- id = raw_id * 4096 + n: the row's own key finds it, without an index.
CREATE TABLE raw_chunk (
	id @INT@ PRIMARY KEY,
	zstd @BLOB@ NOT NULL        -- <= 256 kB inflated
) @STRICT@;

-- What the virus scanner said; empty where there is none.
CREATE TABLE scan (
	kind TEXT NOT NULL,         -- mail upload
	item_id @INT@ NOT NULL,     -- raw.id, upload.id
	about_id @INT@ NOT NULL,    -- the newest message of it; the draft
	state TEXT NOT NULL,        -- waiting clean found skipped released
	name TEXT NOT NULL,         -- the signature; skipped: why
	tries @INT@ NOT NULL,       -- that came to nothing
	next_s @INT@ NOT NULL,      -- waiting: not before
	changed_s @INT@ NOT NULL,
	told @INT@ NOT NULL,        -- the leads know of what was found
	PRIMARY KEY (kind, item_id)
) @KEYED@;
CREATE INDEX scan_waiting ON scan (kind, item_id) WHERE state = 'waiting';
CREATE INDEX scan_skipped ON scan (kind, item_id) WHERE state = 'skipped';
CREATE INDEX scan_told ON scan (kind, item_id)
	WHERE state = 'found' AND told = 0;

CREATE TABLE delivery (
	id @OWNID@,
	account_id @INT@ NOT NULL,
	folder_id @INT@ NOT NULL,
	uidvalidity @INT@ NOT NULL,
	uid @INT@ NOT NULL,
	state TEXT NOT NULL,        -- desk/delivery_machine.h
	bytes @INT@ NOT NULL,
	internaldate_s @INT@ NOT NULL,
	listed_s @INT@ NOT NULL,
	raw_id @INT@,
	message_id @INT@,           -- message.id, when done or quarantined
	attempts @INT@ NOT NULL,    -- parses begun alone, before the outcome
	reason TEXT,
	-- the server's copy, NULL: untouched. By our policy: marking, keyword,
	-- moving, moved, deleting, deleted (…ing is written before we ask).
	-- gone: somebody else took it away.
	server TEXT,
	UNIQUE (account_id, folder_id, uidvalidity, uid)
) @STRICT@;
-- (no IN of three or more in a condition on the way of a mail: SQLite makes a
-- table for it each time)
CREATE INDEX delivery_open ON delivery (state, id)
	WHERE state = 'listed' OR state = 'stored' OR state = 'quarantined'
	OR state = 'fetch_failed';
CREATE INDEX delivery_message ON delivery (message_id)
	WHERE message_id IS NOT NULL;

CREATE TABLE ticket (
	id @OWNID@,
	number @INT@ NOT NULL UNIQUE, -- 受付番号
	win_id @INT@ NOT NULL,
	subject TEXT NOT NULL,
	state TEXT NOT NULL,        -- desk/ticket_machine.h
	closing TEXT,               -- closing kind, when closed
	hold_reason TEXT,
	assignee_id @INT@,
	customer_id @INT@,
	category TEXT,
	priority @INT@ NOT NULL,    -- 0 normal, 1 high
	temperature @INT@,          -- 0–4, NULL not yet known
	harassment @INT@ NOT NULL DEFAULT 0,
	created_s @INT@ NOT NULL,
	changed_s @INT@ NOT NULL,
	inbound_s @INT@ NOT NULL,   -- newest ordinary mail of the customer
	newest_message_id @INT@,    -- that mail's message.id
	closed_s @INT@,
	follow_up_s @INT@,
	merged_into @INT@,
	parent_id @INT@,            -- 照会: the customer's ticket it is about
	is_history @INT@ NOT NULL,  -- came before the desk went live
	due_s @INT@,                -- of its open clocks, the first that is or was due
	erased_s @INT@,             -- its words were erased then
	rev @INT@ NOT NULL          -- grows with each event of the ticket
) @STRICT@;
CREATE INDEX ticket_open ON ticket (due_s, inbound_s, id, win_id, state,
	parent_id)
	WHERE state NOT IN ('closed', 'merged');
-- the order of work: the same words as URGENCY in query/q_queue.c
CREATE INDEX ticket_urgent ON ticket ((COALESCE(due_s, inbound_s + 86400)
	- priority * 3600 - COALESCE(temperature, 0) * 1800), inbound_s, id)
	WHERE (state = 'new' OR state = 'working' OR state = 'error')
	AND parent_id IS NULL;
CREATE INDEX ticket_closed ON ticket (closed_s, id, win_id, parent_id)
	WHERE state = 'closed';
-- what came on which day
CREATE INDEX ticket_created ON ticket (created_s, win_id)
	WHERE is_history = 0 AND state <> 'merged';
CREATE INDEX ticket_error ON ticket (number) WHERE state = 'error';
-- the same of one person
CREATE INDEX ticket_mine ON ticket (assignee_id, due_s, inbound_s, id)
	WHERE assignee_id IS NOT NULL AND state NOT IN ('closed', 'merged');
CREATE INDEX ticket_done ON ticket (assignee_id, closed_s, id)
	WHERE assignee_id IS NOT NULL AND state = 'closed';

CREATE INDEX ticket_merged ON ticket (merged_into)
	WHERE merged_into IS NOT NULL;
CREATE INDEX ticket_customer ON ticket (customer_id, id);

CREATE INDEX ticket_follow_up ON ticket (follow_up_s)
	WHERE follow_up_s IS NOT NULL;

CREATE INDEX ticket_parent ON ticket (parent_id)
	WHERE parent_id IS NOT NULL;

CREATE TABLE ticket_label (
	ticket_id @INT@ NOT NULL,
	label TEXT NOT NULL,
	PRIMARY KEY (ticket_id, label)
) @KEYED@;

-- コメント: for the team only.
CREATE TABLE comment (
	id @ID@,
	ticket_id @INT@ NOT NULL,
	person_id @INT@ NOT NULL,
	text TEXT NOT NULL,
	created_s @INT@ NOT NULL
) @STRICT@;
CREATE INDEX comment_ticket ON comment (ticket_id, id);

CREATE TABLE mention (
	comment_id @INT@ NOT NULL,
	person_id @INT@ NOT NULL,
	seen_s @INT@,
	PRIMARY KEY (comment_id, person_id)
) @KEYED@;
CREATE INDEX mention_open ON mention (person_id) WHERE seen_s IS NULL;

-- 迷惑: senders ("@" and a domain: all of it) that a window has had enough of.
CREATE TABLE spam_sender (
	win_id @INT@ NOT NULL REFERENCES win (id),
	key TEXT NOT NULL,
	made_by @INT@ NOT NULL,
	made_s @INT@ NOT NULL,
	PRIMARY KEY (win_id, key)
) @KEYED@;

-- Mails of folders with the role junk: no tickets, until a person says so.
CREATE TABLE junk (
	delivery_id @INT@ PRIMARY KEY,
	win_id @INT@ NOT NULL,
	account_id @INT@ NOT NULL,
	digest @BLOB@ NOT NULL,     -- of the raw mail
	from_name TEXT NOT NULL,
	from_address TEXT NOT NULL,
	from_key TEXT NOT NULL,
	subject TEXT NOT NULL,
	unreadable @INT@ NOT NULL,
	about_ticket @INT@,         -- it says to answer a mail of ours there
	received_s @INT@ NOT NULL,
	state TEXT NOT NULL,        -- kept | again (the same bytes) | rescued
	told_s @INT@,               -- in a list to the leads
	decided_by @INT@,
	decided_s @INT@
) @STRICT@;
CREATE INDEX junk_untold ON junk (win_id)
	WHERE told_s IS NULL AND state = 'kept';
CREATE INDEX junk_digest ON junk (account_id, digest);
CREATE INDEX junk_from ON junk (from_key);

-- 自動ルール of a window, what is due to them, what they did.
CREATE TABLE autorule (
	id @ID@,
	win_id @INT@ NOT NULL REFERENCES win (id),
	name TEXT NOT NULL,
	position @INT@ NOT NULL,
	happens TEXT NOT NULL,      -- arrival | change | time
	conditions TEXT NOT NULL,   -- JSON: desk/rules.h, all must hold
	actions TEXT NOT NULL,      -- JSON
	stops @INT@ NOT NULL,       -- no further rule after this one
	enabled @INT@ NOT NULL,
	changed_s @INT@ NOT NULL
) @STRICT@;

CREATE TABLE autorule_due (
	id @ID@,
	ticket_id @INT@ NOT NULL,
	happened TEXT NOT NULL,
	depth @INT@ NOT NULL,       -- rounds of rules that led here
	chain TEXT NOT NULL         -- those rules: ",3,7,"
) @STRICT@;

CREATE TABLE autorule_log (
	id @ID@,
	rule_id @INT@ NOT NULL,     -- 0: none, a loop was stopped
	ticket_id @INT@ NOT NULL,
	fired_s @INT@ NOT NULL,
	outcome TEXT NOT NULL,      -- done | failed | loop
	detail TEXT NOT NULL
) @STRICT@;
CREATE INDEX autorule_fired ON autorule_log (rule_id, ticket_id, fired_s);

CREATE TABLE ticket_link (
	ticket_id @INT@ NOT NULL,
	other_id @INT@ NOT NULL,
	kind TEXT NOT NULL,         -- continues | split | related
	PRIMARY KEY (ticket_id, other_id)
) @KEYED@;

-- What was put together or apart. Each can be taken back: `state` holds both
-- tickets before and after (JSON), regroup_item what went over.
CREATE TABLE regroup (
	id @ID@,
	kind TEXT NOT NULL,         -- merge | split | link | unlink
	ticket_id @INT@ NOT NULL,   -- what it was merged into, or split from
	other_id @INT@ NOT NULL,    -- what was merged, or split off
	actor TEXT NOT NULL,
	state TEXT NOT NULL,
	last_message_id @INT@ NOT NULL, -- the newest of all when it was done
	done_s @INT@ NOT NULL,
	undone_s @INT@
) @STRICT@;
CREATE INDEX regroup_ticket ON regroup (ticket_id, id);
CREATE INDEX regroup_other ON regroup (other_id, id);

CREATE TABLE regroup_item (
	regroup_id @INT@ NOT NULL,
	kind TEXT NOT NULL,         -- message | draft | outbox
	item_id @INT@ NOT NULL,
	PRIMARY KEY (regroup_id, kind, item_id)
) @KEYED@;

-- Tickets that a person took apart: no mail joins them again.
CREATE TABLE ticket_apart (
	ticket_id @INT@ NOT NULL,
	other_id @INT@ NOT NULL,
	PRIMARY KEY (ticket_id, other_id)
) @KEYED@;

-- What evidence is too weak to do: a person accepts or dismisses it.
CREATE TABLE offer (
	id @ID@,
	ticket_id @INT@ NOT NULL,   -- where it is shown
	kind TEXT NOT NULL,         -- merge | split | …
	other_id @INT@ NOT NULL,    -- the other ticket, or 0
	message_id @INT@ NOT NULL,  -- the mail that it is about, or 0
	reason TEXT NOT NULL,       -- code
	state TEXT NOT NULL,        -- open | accepted | dismissed
	made_s @INT@ NOT NULL,
	decided_s @INT@,
	UNIQUE (ticket_id, kind, other_id, message_id)
) @STRICT@;

CREATE TABLE message (
	id @OWNID@,
	ticket_id @INT@ NOT NULL,
	first_ticket_id @INT@ NOT NULL, -- before any merge or split
	direction TEXT NOT NULL,    -- in | out
	account_id @INT@,
	outbox_id @INT@,
	raw_id @INT@,               -- as it came; NULL: we wrote it
	class TEXT NOT NULL,
	message_id TEXT,            -- as it stands in the mail, without <>
	content_hash @BLOB@,
	received_s @INT@ NOT NULL,
	date_s @INT@,
	from_name TEXT NOT NULL,
	from_address TEXT NOT NULL,
	from_key TEXT NOT NULL,
	subject TEXT NOT NULL,
	text TEXT NOT NULL,
	reply TEXT,                 -- NULL: the same as text
	quoted TEXT NOT NULL,
	signature TEXT NOT NULL,
	has_html @INT@ NOT NULL,    -- it has a form for display
	evidence TEXT NOT NULL,     -- why it is in this ticket
	flags TEXT NOT NULL,        -- JSON: badges, warnings, bounce
	attachments_n @INT@ NOT NULL
) @STRICT@;
CREATE INDEX message_ticket ON message (ticket_id, id);
CREATE INDEX message_thanks ON message (id)
	WHERE flags LIKE '%"thanks":true%';

CREATE TABLE message_address (
	message_id @INT@ NOT NULL,
	role TEXT NOT NULL,         -- from sender reply_to to cc; customer: for
	                            -- whom the writer speaks
	n @INT@ NOT NULL,
	name TEXT NOT NULL,
	address TEXT NOT NULL,      -- verbatim
	key TEXT NOT NULL,
	PRIMARY KEY (message_id, role, n)
) @KEYED@;

CREATE TABLE attachment (
	message_id @INT@ NOT NULL,
	n @INT@ NOT NULL,
	part @INT@ NOT NULL,
	filename TEXT,
	media_type TEXT NOT NULL,
	bytes @INT@ NOT NULL,
	digest @BLOB@ NOT NULL,
	is_inline @INT@ NOT NULL,
	sealed @INT@ NOT NULL,      -- enum mdg_sealed: wants a password
	content_id TEXT,
	danger @INT@ NOT NULL,      -- enum mdg_danger: what it may do
	PRIMARY KEY (message_id, n)
) @KEYED@;

CREATE INDEX attachment_digest ON attachment (digest);

CREATE TABLE ticket_participant (
	ticket_id @INT@ NOT NULL,
	key TEXT NOT NULL,
	address TEXT NOT NULL,
	name TEXT NOT NULL,
	PRIMARY KEY (ticket_id, key)
) @KEYED@;

-- Every id that a mail has or names, by mail. hash: 16 bytes of BLAKE2b-128.
-- The mail's ticket is in message.
CREATE TABLE ref_seen (
	hash @BLOB@ NOT NULL,
	message_id @INT@ NOT NULL,  -- message.id
	is_own @INT@ NOT NULL,      -- the id of this very mail
	PRIMARY KEY (hash, message_id)
) @KEYED@;
CREATE INDEX ref_seen_message ON ref_seen (message_id);

-- ---- events: one lane for each daemon that writes ------------------------

CREATE TABLE event (
	lane @INT@ NOT NULL,
	seq @INT@ NOT NULL,
	time_s @INT@ NOT NULL,
	ticket_id @INT@,
	ticket_rev @INT@,
	actor TEXT NOT NULL,        -- system | person:N | mail:N (as:M)
	kind TEXT NOT NULL,
	codes TEXT NOT NULL,        -- JSON: public codes and ids only
	commitment @BLOB@,          -- BLAKE2b-256 of salt and event_data.data
	prev @BLOB@ NOT NULL,
	hash @BLOB@ NOT NULL,
	PRIMARY KEY (lane, seq)
) @KEYED@;
CREATE UNIQUE INDEX event_ticket ON event (ticket_id, ticket_rev);

-- Personal data of an event, apart, so that erasing it keeps the chain whole.
CREATE TABLE event_data (
	lane @INT@ NOT NULL,
	seq @INT@ NOT NULL,
	salt @BLOB@ NOT NULL,
	data TEXT NOT NULL,
	customer_id @INT@,
	PRIMARY KEY (lane, seq)
) @KEYED@;

-- Who looked at what, a row a day: not in the chain, so that reading stays
-- cheap and the log can be shortened.
CREATE TABLE view_log (
	day @INT@ NOT NULL,         -- days since 1970-01-01
	actor TEXT NOT NULL,        -- as in event
	kind TEXT NOT NULL,         -- ticket | draft | attachment | customer
	subject_id @INT@ NOT NULL,  -- ticket.id; customer.id of an export
	first_s @INT@ NOT NULL,
	last_s @INT@ NOT NULL,
	n @INT@ NOT NULL,           -- looks, at most one a minute counts
	PRIMARY KEY (day, actor, kind, subject_id)
) @KEYED@;
CREATE INDEX view_subject ON view_log (subject_id, day);

-- ---- watching ourselves --------------------------------------------------

-- desk/alarm_machine.h: raised -> notified -> over -> cleared
CREATE TABLE alarm (
	id @ID@,
	kind TEXT NOT NULL,
	subject TEXT NOT NULL,      -- "mailbox:3", "outbox:7", "" …
	state TEXT NOT NULL,
	value @INT@ NOT NULL,       -- a count, a time, bytes: by kind
	raised_s @INT@ NOT NULL,
	changed_s @INT@ NOT NULL    -- when it came into its state
) @STRICT@;
CREATE UNIQUE INDEX alarm_open ON alarm (kind, subject)
	WHERE state <> 'cleared';

-- The words of a mail of our own (outbox.kind notice or alarm), kept until
-- it is sent: another account may have to send it.
CREATE TABLE notice (
	outbox_id @INT@ PRIMARY KEY,
	subject TEXT NOT NULL,
	text TEXT NOT NULL
) @STRICT@;

-- ---- erasing -------------------------------------------------------------

-- Keyed digests of mails that were erased: they do not come in again.
CREATE TABLE erased_mail (
	digest @BLOB@ PRIMARY KEY
) @KEYED@;

CREATE TABLE retention (
	win_id @INT@ PRIMARY KEY,
	days @INT@ NOT NULL,        -- after closing
	how TEXT NOT NULL           -- erase | delete
) @STRICT@;

CREATE TABLE clock (
	ticket_id @INT@ NOT NULL,
	n @INT@ NOT NULL,           -- 0, 1, … of the ticket, as they were started
	kind TEXT NOT NULL,         -- first_response next_response resolution promise
	state TEXT NOT NULL,        -- running paused met breached not_applicable
	calendar_id @INT@,          -- NULL: clock time
	policy_id @INT@ NOT NULL,
	started_s @INT@ NOT NULL,
	due_s @INT@,
	stopped_s @INT@,
	counted_s @INT@,            -- working time used, once it is ended
	next_s @INT@,               -- when time alone changes it: warning, breach
	warned @INT@ NOT NULL,      -- warnings given so far
	PRIMARY KEY (ticket_id, n)
) @KEYED@;
CREATE INDEX clock_stopped ON clock (stopped_s) WHERE stopped_s IS NOT NULL;
CREATE INDEX clock_next ON clock (next_s) WHERE next_s IS NOT NULL;

-- What reports add up: of each ticket as it stood at event `figured:LANE` of the
-- settings. Made out of the other tables, and again at any time.
CREATE TABLE figure (
	ticket_id @INT@ NOT NULL,
	n @INT@ NOT NULL,           -- 1, 2, …: further clocks
	win_id @INT@ NOT NULL,
	created_s @INT@ NOT NULL,
	bits @INT@ NOT NULL,        -- enum mdg_figure_bits
	account_id @INT@ NOT NULL,  -- that brought it, 0: none
	operator_id @INT@ NOT NULL, -- who answered, 0: none
	first_end_s @INT@ NOT NULL, -- 0: not yet, or not applicable
	first_counted_s @INT@ NOT NULL,
	resolution_end_s @INT@ NOT NULL,
	resolution_counted_s @INT@ NOT NULL,
	category TEXT NOT NULL,
	template_id TEXT NOT NULL,
	temperature @INT@ NOT NULL,
	PRIMARY KEY (ticket_id, n)
) @KEYED@;

-- Warnings and breaches that people have yet to be told by mail.
CREATE TABLE warning (
	id @ID@,
	ticket_id @INT@ NOT NULL,
	clock_n @INT@ NOT NULL,     -- -1: the ticket is nobody's
	breached @INT@ NOT NULL,
	person_id @INT@ NOT NULL,
	made_s @INT@ NOT NULL
) @STRICT@;

-- The lead who owns an overdue ticket that is nobody's.
CREATE TABLE escalation (
	ticket_id @INT@ PRIMARY KEY,
	person_id @INT@ NOT NULL,
	since_s @INT@ NOT NULL
) @STRICT@;
CREATE INDEX escalation_person ON escalation (person_id);

-- ---- surges (desk/surge.h): what many mails tell together ------------------

-- What each customer's mail of the last weeks is counted by; kept as long as
-- the counting needs it.
CREATE TABLE surge_mail (
	message_id @INT@ PRIMARY KEY,
	ticket_id @INT@ NOT NULL,
	customer_id @INT@ NOT NULL, -- below 0: nobody is known
	hour @INT@ NOT NULL,        -- since 1970, in which it is counted
	late @INT@ NOT NULL,        -- it came in an hour that was over
	signs TEXT NOT NULL         -- a line each: kind, blank, term
) @STRICT@;
CREATE INDEX surge_mail_hour ON surge_mail (hour);

-- Terms that a lead wants to hear of sooner.
CREATE TABLE surge_term (
	term TEXT PRIMARY KEY,
	person_id @INT@ NOT NULL,
	added_s @INT@ NOT NULL
) @KEYED@;

-- As of the last hour: unusual, but no alarm.
CREATE TABLE surge_unusual (
	n @INT@ PRIMARY KEY,
	kind TEXT NOT NULL,
	term TEXT NOT NULL,
	window_h @INT@ NOT NULL,
	customers @INT@ NOT NULL,
	expected_milli @INT@ NOT NULL
) @STRICT@;

-- 急増アラート
CREATE TABLE incident (
	id @ID@,
	state TEXT NOT NULL,        -- open | over
	kind TEXT NOT NULL,         -- of the sign that brought it
	term TEXT NOT NULL,
	face_kind TEXT NOT NULL,    -- what people know it by: the plainest of
	face_term TEXT NOT NULL,    -- the words that most of its tickets have
	began_s @INT@ NOT NULL,     -- likely start
	opened_s @INT@ NOT NULL,
	last_s @INT@ NOT NULL,      -- end of the last hour in alarm
	window_h @INT@ NOT NULL,    -- what opened it: so many customers, where
	customers @INT@ NOT NULL,   -- that many were expected
	expected_milli @INT@ NOT NULL,
	verdict TEXT,               -- real | noise
	verdict_by @INT@,
	verdict_s @INT@,
	told_s @INT@,               -- all leads know
	UNIQUE (kind, term, opened_s)
) @STRICT@;
CREATE INDEX incident_untold ON incident (id) WHERE told_s IS NULL;

CREATE TABLE incident_word (
	incident_id @INT@ NOT NULL,
	n @INT@ NOT NULL,           -- the most telling first
	kind TEXT NOT NULL,
	term TEXT NOT NULL,
	tickets @INT@ NOT NULL,
	expected_milli @INT@ NOT NULL,
	PRIMARY KEY (incident_id, n)
) @KEYED@;

CREATE TABLE incident_ticket (
	incident_id @INT@ NOT NULL,
	ticket_id @INT@ NOT NULL,
	PRIMARY KEY (incident_id, ticket_id)
) @KEYED@;
CREATE INDEX incident_of_ticket ON incident_ticket (ticket_id);

-- まとめ対応: the one answer that a ticket gets for an incident.
CREATE TABLE incident_reply (
	incident_id @INT@ NOT NULL,
	ticket_id @INT@ NOT NULL,
	draft_id @INT@ NOT NULL,
	PRIMARY KEY (incident_id, ticket_id)
) @KEYED@;
CREATE INDEX incident_reply_draft ON incident_reply (draft_id);

-- The windows whose leads know.
CREATE TABLE incident_told (
	incident_id @INT@ NOT NULL,
	win_id @INT@ NOT NULL,
	PRIMARY KEY (incident_id, win_id)
) @KEYED@;

-- ---- replies -------------------------------------------------------------

CREATE TABLE template (
	id TEXT NOT NULL,
	version @INT@ NOT NULL,
	title TEXT NOT NULL,
	category TEXT NOT NULL,
	source TEXT NOT NULL,       -- the file: front matter and body
	owner_id @INT@,
	expires_s @INT@,
	retired @INT@ NOT NULL,
	created_s @INT@ NOT NULL,
	PRIMARY KEY (id, version)
) @STRICT@;

-- What mdg-text made of a ticket's newest mail: ranked templates, mood,
-- keywords. Made anew from the mail whenever it is missing.
CREATE TABLE suggestion (
	ticket_id @INT@ PRIMARY KEY,
	message_id @INT@ NOT NULL,  -- made for this mail
	made_s @INT@ NOT NULL,
	json TEXT NOT NULL
) @STRICT@;

-- How far mdg-text has come with the mails.
CREATE TABLE text_state (
	id @INT@ PRIMARY KEY,       -- always 1
	upto_message_id @INT@ NOT NULL
) @STRICT@;

-- What a mail says that a reply needs: proposed by mdg-text, or taken over
-- into the customer's record.
CREATE TABLE fact (
	id @ID@,
	message_id @INT@ NOT NULL,
	slot TEXT NOT NULL,         -- customer.name order.no …
	value TEXT NOT NULL,
	words TEXT NOT NULL,        -- as they stand in the mail
	source TEXT NOT NULL,       -- text subject signature from form
	start_at @INT@ NOT NULL,    -- characters in the source
	end_at @INT@ NOT NULL,
	confidence @INT@ NOT NULL,  -- percent
	conflict @INT@ NOT NULL,
	state TEXT NOT NULL         -- proposed | taken | refused
) @STRICT@;
CREATE INDEX fact_message ON fact (message_id, id);

-- Inquiries under the template that was approved as their answer. The text is
-- the message's; erasing that forgets what was learned.
CREATE TABLE learned (
	id @ID@,
	message_id @INT@ NOT NULL UNIQUE,
	template_id TEXT NOT NULL,
	position @INT@ NOT NULL,    -- among the suggestions, 0: not there
	changed @INT@ NOT NULL,     -- percent of the template rewritten
	weight @INT@ NOT NULL,      -- percent
	author_id @INT@ NOT NULL,
	made_s @INT@ NOT NULL
) @STRICT@;
CREATE INDEX learned_author ON learned (author_id, template_id, made_s);

CREATE TABLE draft (
	id @OWNID@,
	ticket_id @INT@ NOT NULL,
	author_id @INT@ NOT NULL,
	state TEXT NOT NULL,        -- desk/draft_machine.h
	win_id @INT@ NOT NULL,
	subject TEXT NOT NULL,
	body TEXT NOT NULL,         -- paragraphs as typed, unwrapped
	template_id TEXT,
	template_version @INT@,
	next_state TEXT NOT NULL,   -- of the ticket, when sent
	next_due_s @INT@,           -- follow-up date or promise
	not_before_s @INT@,         -- scheduled sending
	return_code TEXT,           -- taxonomy of 差し戻し
	return_note TEXT,
	quote TEXT,                 -- of the mail answered; NULL: as the
	                            -- window says
	seen_message_id @INT@,      -- the customer's newest mail when it was
	                            -- last changed, but by a return
	created_s @INT@ NOT NULL,
	changed_s @INT@ NOT NULL,
	rev @INT@ NOT NULL
) @STRICT@;
CREATE INDEX draft_ticket ON draft (ticket_id, id);
CREATE INDEX draft_returned ON draft (ticket_id) WHERE state = 'returned';

CREATE TABLE draft_address (
	draft_id @INT@ NOT NULL,
	role TEXT NOT NULL,         -- to cc bcc
	n @INT@ NOT NULL,
	name TEXT NOT NULL,
	address TEXT NOT NULL,
	PRIMARY KEY (draft_id, role, n)
) @KEYED@;

-- The newest reply by another tool that the author of a draft knows of.
CREATE TABLE draft_seen (
	draft_id @INT@ PRIMARY KEY,
	message_id @INT@ NOT NULL
) @STRICT@;

CREATE TABLE draft_lock (
	ticket_id @INT@ PRIMARY KEY,
	person_id @INT@ NOT NULL,
	taken_s @INT@ NOT NULL,
	used_s @INT@ NOT NULL
) @STRICT@;

-- Files of a draft, of which its revisions name the digest. Plain bytes, not
-- zstd: the core composes the mail of them, and it inflates nothing.
CREATE TABLE upload (
	id @OWNID@,
	draft_id @INT@ NOT NULL,
	filename TEXT NOT NULL,
	media_type TEXT NOT NULL,
	bytes @INT@ NOT NULL,
	digest @BLOB@,              -- NULL: not all of it is there yet
	created_s @INT@ NOT NULL
) @STRICT@;
CREATE INDEX upload_draft ON upload (draft_id, id);

CREATE TABLE upload_chunk (
	id @INT@ PRIMARY KEY,       -- upload_id * 4096 + n
	bytes @BLOB@ NOT NULL       -- <= 256 kB
) @STRICT@;

-- What an approval is bound to; never changed after it is made.
CREATE TABLE revision (
	id @OWNID@,
	draft_id @INT@,             -- NULL: automatic mail
	ticket_id @INT@ NOT NULL,
	n @INT@ NOT NULL,           -- 1, 2, … of the draft
	account_id @INT@ NOT NULL,
	message_id TEXT NOT NULL,   -- with our token, minted at the request
	newest_message_id @INT@,    -- the customer's newest mail then seen
	canonical @BLOB@ NOT NULL,  -- desk/revision.h
	digest @BLOB@ NOT NULL,     -- BLAKE2b-256 of canonical
	findings TEXT NOT NULL,     -- JSON: what the checks said
	comment TEXT NOT NULL,      -- of automatic mail: template@version
	requested_by @INT@ NOT NULL,
	requested_s @INT@ NOT NULL,
	state TEXT NOT NULL,        -- waiting approved returned withdrawn void
	decided_by @INT@,
	decided_s @INT@,
	UNIQUE (draft_id, n)
) @STRICT@;
CREATE INDEX revision_waiting ON revision (requested_s)
	WHERE state = 'waiting';

-- What the checks say of a draft as it stands; made again at any time.
CREATE TABLE draft_check (
	draft_id @INT@ PRIMARY KEY,
	digest @BLOB@ NOT NULL,     -- of the text and the people checked
	checked_s @INT@ NOT NULL,
	findings TEXT NOT NULL      -- JSON
) @STRICT@;

-- A window's own rules of the reply check.
CREATE TABLE lint_rule (
	id @ID@,
	win_id @INT@ NOT NULL,
	kind TEXT NOT NULL,         -- add | off | allow | block
	subject TEXT NOT NULL,      -- pattern, rule or phrase
	severity TEXT NOT NULL,     -- of an added one
	message TEXT NOT NULL,
	suggestion TEXT NOT NULL,
	made_by @INT@,
	made_s @INT@ NOT NULL,
	removed @INT@ NOT NULL
) @STRICT@;
CREATE INDEX lint_rule_win ON lint_rule (win_id, id);

-- A request for approval: what it is about beside what it is bound to, and
-- what became of it.
CREATE TABLE review (
	revision_id @INT@ PRIMARY KEY,
	draft_id @INT@ NOT NULL,
	win_id @INT@ NOT NULL,
	author_id @INT@ NOT NULL,
	body TEXT NOT NULL,         -- as typed, before greeting and wrapping
	care TEXT NOT NULL,         -- why a lead looks at it: codes
	overridden TEXT NOT NULL,   -- rules passed over by the writer
	reason TEXT NOT NULL,       -- and why
	outcome TEXT,               -- approved corrected returned withdrawn
	code TEXT,                  -- taxonomy of 差し戻し
	corrected_id @INT@,         -- the revision that went out instead
	asked_s @INT@ NOT NULL,
	escalate_s @INT@,           -- when it has waited too long
	escalated_s @INT@
) @STRICT@;
CREATE INDEX review_author ON review (win_id, author_id, revision_id);
CREATE INDEX review_escalate ON review (escalate_s)
	WHERE outcome IS NULL AND escalated_s IS NULL;

-- Who stands in for a lead, and how long.
CREATE TABLE deputy (
	win_id @INT@ NOT NULL,
	person_id @INT@ NOT NULL,
	from_s @INT@ NOT NULL,
	until_s @INT@ NOT NULL,
	PRIMARY KEY (win_id, person_id)
) @KEYED@;

CREATE TABLE outbox (
	id @OWNID@,
	kind TEXT NOT NULL,         -- reply receipt notice alarm
	ticket_id @INT@,
	draft_id @INT@,
	revision_id @INT@,
	account_id @INT@ NOT NULL,
	message_id TEXT NOT NULL,
	mail_from TEXT NOT NULL,
	state TEXT NOT NULL,        -- desk/outbox.h
	not_before_s @INT@ NOT NULL,
	attempts @INT@ NOT NULL,
	tries_since_s @INT@,        -- the first claim; NULL again by a person
	seen_message_id @INT@,      -- the customer's newest mail, as known to
	                            -- whoever let it go
	date_s @INT@,               -- the Date header, set at the first claim
	mime_bytes @INT@,           -- frozen with it, reused at every retry
	sent_s @INT@,
	copy_state TEXT NOT NULL,   -- Sent folder: none wanted done failed
	reason TEXT,
	created_s @INT@ NOT NULL
) @STRICT@;
CREATE INDEX outbox_open ON outbox (account_id, not_before_s)
	WHERE state IN ('queued', 'sending', 'committing', 'unknown');
CREATE INDEX outbox_failed ON outbox (id) WHERE state = 'failed';
CREATE INDEX outbox_ticket ON outbox (ticket_id);
CREATE INDEX outbox_message ON outbox (message_id);
CREATE INDEX outbox_date ON outbox (account_id, date_s)
	WHERE date_s IS NOT NULL;
CREATE INDEX outbox_copy ON outbox (account_id, id)
	WHERE copy_state = 'wanted';

-- The frozen mail: id = outbox_id * 4096 + n.
CREATE TABLE outbox_chunk (
	id @INT@ PRIMARY KEY,
	bytes @BLOB@ NOT NULL       -- <= 256 kB
) @STRICT@;

CREATE TABLE outbox_rcpt (
	outbox_id @INT@ NOT NULL,
	n @INT@ NOT NULL,
	address TEXT NOT NULL,
	state TEXT NOT NULL,        -- desk/outbox.h
	code @INT@,
	text TEXT,
	bounce TEXT,                -- hard | soft: it came back
	PRIMARY KEY (outbox_id, n)
) @KEYED@;

-- Our own mail as it was found in a Sent folder: proof that it went out.
CREATE TABLE sent_copy (
	outbox_id @INT@ NOT NULL,
	delivery_id @INT@ NOT NULL,
	message_id TEXT,            -- as it stands there; providers change it
	seen_s @INT@ NOT NULL,
	PRIMARY KEY (outbox_id, delivery_id)
) @KEYED@;

-- Automatic mail already sent, by address, domain and account: the limits of
-- automatic answers survive a restart.
CREATE TABLE auto_sent (
	subject TEXT NOT NULL,      -- "address:…", "domain:…", "account:…"
	sent_s @INT@ NOT NULL,
	outbox_id @INT@ NOT NULL,
	PRIMARY KEY (subject, sent_s, outbox_id)
) @KEYED@;

-- ---- the desk by mail (app/maildesk.h) ------------------------------------

-- People who work by mail.
CREATE TABLE mail_person (
	person_id @INT@ PRIMARY KEY,
	signature TEXT NOT NULL,    -- as their mail program writes it
	evidence TEXT NOT NULL,     -- of their last answer: signed route code ''
	seen_s @INT@ NOT NULL,      -- when that was; 0: never
	digest_day @INT@ NOT NULL   -- of the last morning list, local date
) @STRICT@;

-- What a mail to one of them can be answered with. The token is in that mail
-- only; 0: it is about no ticket, draft, revision.
CREATE TABLE mail_token (
	hash @BLOB@ PRIMARY KEY,
	person_id @INT@ NOT NULL,
	purpose TEXT NOT NULL,      -- ticket approve code thread list test
	ticket_id @INT@ NOT NULL,
	draft_id @INT@ NOT NULL,
	revision_id @INT@ NOT NULL,
	outbox_id @INT@ NOT NULL,   -- the mail
	context TEXT NOT NULL,      -- JSON: candidates, what a code is for
	made_s @INT@ NOT NULL,
	expires_s @INT@ NOT NULL,
	used_s @INT@ NOT NULL
) @KEYED@;
CREATE INDEX mail_token_ticket ON mail_token (ticket_id);
CREATE INDEX mail_token_expires ON mail_token (expires_s);

-- Mails of our own people to the desk, and what became of them.
CREATE TABLE mail_order (
	id @ID@,
	delivery_id @INT@ NOT NULL UNIQUE,
	token @BLOB@,
	mark @BLOB@ NOT NULL,       -- of the mail's id: the same mail acts once
	person_id @INT@ NOT NULL,   -- whose token or address it is; 0: nobody's
	ticket_id @INT@ NOT NULL,
	state TEXT NOT NULL,        -- new acting done refused
	evidence TEXT NOT NULL,     -- what bears out the sender: signed route ''
	said TEXT NOT NULL,         -- JSON, '' once it is over
	what TEXT NOT NULL,         -- the command, as a code
	reason TEXT NOT NULL,       -- why it was refused
	received_s @INT@ NOT NULL,
	done_s @INT@ NOT NULL
) @STRICT@;
CREATE INDEX mail_order_open ON mail_order (id)
	WHERE state IN ('new', 'acting');
CREATE INDEX mail_order_mark ON mail_order (mark);
CREATE INDEX mail_order_ticket ON mail_order (ticket_id);
CREATE INDEX mail_order_refused ON mail_order (done_s)
	WHERE state = 'refused';

-- Mails to be written to them, in the hours when they may be.
CREATE TABLE mail_due (
	id @ID@,
	person_id @INT@ NOT NULL,
	kind TEXT NOT NULL,         -- ticket escalated approval returned sent failed refused
	ticket_id @INT@ NOT NULL,
	draft_id @INT@ NOT NULL,
	made_s @INT@ NOT NULL,
	UNIQUE (person_id, kind, ticket_id, draft_id)
) @STRICT@;

-- How far the search index has come; a version change rebuilds it.
CREATE TABLE search_state (
	id @INT@ PRIMARY KEY,       -- always 1
	folding @INT@ NOT NULL,     -- version of text/fold.h
	upto_message_id @INT@ NOT NULL
) @STRICT@;
