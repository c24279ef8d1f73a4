# The UI: bundled by esbuild (npm) where configure found node, or as it came
# with the tarball (shipped/), or left out.
uidir = $(pkgdatadir)/ui
UI_FILES = \
	%D%/app.js \
	%D%/favicon.svg \
	%D%/index.html \
	%D%/package-lock.json \
	%D%/package.json \
	%D%/pages.js \
	%D%/style.css \
	%D%/lib/api.js \
	%D%/lib/codes.js \
	%D%/lib/draft.js \
	%D%/lib/html.js \
	%D%/lib/i18n.js \
	%D%/lib/keys.js \
	%D%/lib/live.js \
	%D%/lib/me.js \
	%D%/lib/now.js \
	%D%/lib/outbox.js \
	%D%/lib/pages.js \
	%D%/lib/people.js \
	%D%/lib/prefs.js \
	%D%/lib/route.js \
	%D%/lib/store.js \
	%D%/lib/text.js \
	%D%/lib/time.js \
	%D%/lib/words.js \
	%D%/lib/words_lead.js \
	%D%/lib/words_admin.js \
	%D%/lib/words_events.js \
	%D%/lib/words_more.js \
	%D%/page/admin.js \
	%D%/page/admin_audit.js \
	%D%/page/admin_mailboxes.js \
	%D%/page/admin_rules.js \
	%D%/page/admin_store.js \
	%D%/page/admin_users.js \
	%D%/page/admin_windows.js \
	%D%/page/approvals.js \
	%D%/page/board.js \
	%D%/page/bulk.js \
	%D%/page/compose.js \
	%D%/page/incidents.js \
	%D%/page/junk.js \
	%D%/page/login.js \
	%D%/page/mailbox_access.js \
	%D%/page/mailbox_change.js \
	%D%/page/mailbox_test.js \
	%D%/page/memo.js \
	%D%/page/news.js \
	%D%/page/outbox.js \
	%D%/page/queue.js \
	%D%/page/reports.js \
	%D%/page/search.js \
	%D%/page/security.js \
	%D%/page/shell.js \
	%D%/page/shift.js \
	%D%/page/side.js \
	%D%/page/submit.js \
	%D%/page/template_files.js \
	%D%/page/templates.js \
	%D%/page/ticket.js \
	%D%/page/ticket_do.js \
	%D%/part/approvers.js \
	%D%/part/asked.js \
	%D%/part/basic.js \
	%D%/part/chart.js \
	%D%/part/check.js \
	%D%/part/csv.js \
	%D%/part/dialog.js \
	%D%/part/editor.js \
	%D%/part/files.js \
	%D%/part/icon.js \
	%D%/part/list.js \
	%D%/part/qr.js \
	%D%/part/slots.js \
	%D%/part/suggest.js \
	%D%/part/thread.js \
	%D%/part/toast.js \
	%D%/page/window_policy.js \
	%D%/page/window_texts.js \
	%D%/style/admin.css \
	%D%/style/base.css \
	%D%/style/frame.css \
	%D%/style/lists.css \
	%D%/style/narrow.css \
	%D%/style/print.css \
	%D%/style/ticket.css \
	%D%/style/tokens.css \
	%D%/style/write.css
EXTRA_DIST += %D%/build.sh $(UI_FILES)

if UI_BUILD
all-local: %D%/ui.stamp
%D%/ui.stamp: $(UI_FILES) %D%/build.sh
	$(AM_V_GEN)$(srcdir)/%D%/build.sh $(srcdir)/%D% %D% $(WITH_UI)
ui:
	$(srcdir)/%D%/build.sh $(srcdir)/%D% %D% yes
endif

# beside each file its .gz, as mdg-web serves it
install-data-local:
	@for f in %D%/dist/* $(srcdir)/%D%/shipped/*; do \
		test ! -f "$$f" || { $(MKDIR_P) "$(DESTDIR)$(uidir)" && \
			$(INSTALL_DATA) "$$f" "$(DESTDIR)$(uidir)"; } || exit 1; \
	done
uninstall-local:
	rm -rf "$(DESTDIR)$(uidir)"
dist-hook:
	@for d in %D%/dist $(srcdir)/%D%/shipped; do \
		test ! -d $$d || cp -pR $$d $(distdir)/%D%/shipped || exit 1; \
	done; \
	test -d $(distdir)/%D%/shipped || echo "UI: not in this tarball" >&2
clean-local:
	rm -rf %D%/dist %D%/dist.new %D%/npm %D%/ui.stamp
