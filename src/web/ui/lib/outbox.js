/* 送信を取り消す, while there is time: the row is found by its draft. */
import { get, post } from "./api.js";
import { t } from "./i18n.js";
import { attempt } from "../part/toast.js";

async function cancel(draft) {
	const { outbox } = await get("/outbox");
	const row = outbox.find((o) => o.draft === draft && o.state === "queued");
	if (!row)
		throw new Error(t("outbox.gone"));
	await post(`/outbox/${row.outbox}/cancel`);
}

export const cancelSending = (draft) => attempt(() => cancel(draft), t("done.cancelled"));
export const wayBack = (draft) => ({ undo: { label: t("do.cancel_sending"), run: () => cancelSending(draft) } });
