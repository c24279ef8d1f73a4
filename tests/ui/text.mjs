/* Places in a text (src/web/ui/lib/text.js). */
import assert from "node:assert/strict";
import { oneAddress, addressList, folderName, nextSlot, pieces, placed, shifted, slots, units } from "../../src/web/ui/lib/text.js";

assert.equal(units("𠮷野家", 1), 2);
assert.equal(units("あい", 9), 2);
const [one] = placed("𠮷野をご拝見", [{ start: 3, end: 6, fix: { start: 3, end: 4, text: "" } }]);
assert.deepEqual([one.start, one.end, one.fix.start, one.fix.end], [4, 7, 4, 5]);

const at = (start, end) => [{ start, end }];
assert.deepEqual(shifted("abcdef", "XXabcdef", at(2, 4)).map((f) => [f.start, f.end]), [[4, 6]]);
assert.deepEqual(shifted("abcdef", "abcdefXX", at(2, 4)).map((f) => [f.start, f.end]), [[2, 4]]);
assert.deepEqual(shifted("abcdef", "abXcdef", at(1, 4)), []);
assert.deepEqual(shifted("abcdef", "af", at(2, 4)), []);
assert.deepEqual(shifted("abcdef", "abef", at(4, 6)).map((f) => [f.start, f.end]), [[2, 4]]);

const text = "{{a}} と {{b.c}} と {{ d }} {{\n}}";
assert.deepEqual(slots(text).map((s) => s.name), ["a", "b.c", "d"]);
assert.equal(nextSlot(text, 0, 5).name, "b.c");
assert.equal(nextSlot(text, 20, text.length).name, "a");
assert.equal(nextSlot(text, 8, 8, true).name, "a");
assert.equal(nextSlot("なし", 0, 0), undefined);

assert.equal(pieces("abcdef", [{ start: 1, end: 3 }, { start: 2, end: 9 }]).map((p) => p.text + p.of.length).join(" "), "a0 b1 c2 def1");
assert.deepEqual(addressList('"山田, 花子" <a@example.jp>、b@example.jp; c@example.jp,'),
	['"山田, 花子" <a@example.jp>', "b@example.jp", "c@example.jp"]);

for (const [wire, shown] of [["INBOX", "INBOX"], ["A&-B", "A&B"], ["&U9dP4TDIMOwwpA-/&MEpVTzBEVAgwjzBb-&-A", "受信トレイ/お問い合わせ&A"],
	["&U,BTFw-/&ZeVnLIqe-", "台北/日本語"], ["&MLQw33ux-2024", "ゴミ箱2024"], ["&2D3eAA-", "😀"],
	["&2D0-", "&2D0-"], ["&ME!-", "&ME!-"], ["&oops", "&oops"], ["日本", "日本"]])
	assert.equal(folderName(wire), shown);

/* no name turns the address behind it round */
assert.equal(oneAddress({ name: "\u202eさか", address: "a@example.jp" }), "さか <a@example.jp>");
