/* What an authenticator shows for a secret. */
import crypto from "node:crypto";

const base32 = (text) => {
	let bits = "";
	for (const c of text.replace(/\s/g, ""))
		bits += "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(c).toString(2).padStart(5, "0");
	return Buffer.from(bits.match(/.{8}/g).map((b) => parseInt(b, 2)));
};

/* RFC 6238 */
export function code(secret, step = 0) {
	const at = Buffer.alloc(8);
	at.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30000) + step));
	const h = crypto.createHmac("sha1", base32(secret)).update(at).digest();
	return String((h.readUInt32BE(h[19] & 15) & 0x7fffffff) % 1000000).padStart(6, "0");
}
