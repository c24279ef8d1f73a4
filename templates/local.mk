# Polite-Japanese reply templates, seeds for a new desk.
nobase_dist_pkgdata_DATA += \
	%D%/address-change.txt \
	%D%/after-arrival.txt \
	%D%/apology-service.txt \
	%D%/ask-details.txt \
	%D%/ask-photo.txt \
	%D%/cancel-membership.txt \
	%D%/change-done.txt \
	%D%/compatibility.txt \
	%D%/defect.txt \
	%D%/delay.txt \
	%D%/error-code.txt \
	%D%/handover.txt \
	%D%/hold-extend.txt \
	%D%/hold-first.txt \
	%D%/how-to.txt \
	%D%/login-trouble.txt \
	%D%/manual.txt \
	%D%/not-arrived.txt \
	%D%/opinion-thanks.txt \
	%D%/order-cancel.txt \
	%D%/order-change.txt \
	%D%/order-confirm.txt \
	%D%/outage.txt \
	%D%/outage-recovered.txt \
	%D%/password-reset.txt \
	%D%/payment.txt \
	%D%/price.txt \
	%D%/privacy-request.txt \
	%D%/private-question.txt \
	%D%/receipt-auto.txt \
	%D%/receipt-doc.txt \
	%D%/repair.txt \
	%D%/replacement.txt \
	%D%/return-conditions.txt \
	%D%/return-received.txt \
	%D%/return-refused.txt \
	%D%/scope-notice.txt \
	%D%/setup.txt \
	%D%/shipped.txt \
	%D%/spec.txt \
	%D%/stock.txt \
	%D%/verify-identity.txt

# what `madoguchi suggest --eval` measures by
evaldir = $(pkgdatadir)/eval
dist_eval_DATA = tests/data/suggest/inquiries.jsonl \
	tests/data/suggest/faq.jsonl tests/data/suggest/faq_questions.jsonl
EXTRA_DIST += tests/data/suggest/README tests/data/suggest/figures.tsv \
	tests/data/suggest/city.jsonl tests/data/suggest/city_questions.jsonl \
	tests/data/suggest/rough.jsonl
