"""Pieces of mails as the mail programs of Japan really write them, byte by byte:
Python's own email package would write all of them in one modern way.

Everything returns bytes with CRLF line ends.
"""
import base64
import datetime
import quopri

JST = datetime.timezone(datetime.timedelta(hours=9))
CODECS = {"Shift_JIS": "cp932", "EUC-JP": "euc_jp",
          "UTF-8": "utf-8", "US-ASCII": "ascii"}
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def cp50220(text):
    """ISO-2022-JP with the characters of NEC and IBM, as Windows writes it."""
    out, kanji = b"", False
    for c in text:
        b = c.encode("cp932")
        if (len(b) == 2) != kanji:
            kanji = not kanji
            out += b"\x1b$B" if kanji else b"\x1b(B"
        if kanji:
            row = (b[0] - (0x81 if b[0] < 0xa0 else 0xc1)) * 2 + 0x21
            low = b[1] >= 0x9f
            b = bytes((row + low, b[1] - (0x7e if low else 0x20 if b[1] > 0x7f else 0x1f)))
        out += b
    return out + (b"\x1b(B" if kanji else b"")


def encode(text, charset):
    if charset == "ISO-2022-JP":
        try:
            return text.encode("iso2022_jp")
        except UnicodeEncodeError:
            return cp50220(text)
    return text.encode(CODECS.get(charset, charset), "replace")


def b64_lines(data):
    return base64.encodebytes(data).replace(b"\n", b"\r\n")


def words(text, charset="UTF-8", first=30):
    """RFC 2047 words, folded; ASCII stays as it is."""
    if text.isascii():
        return text.encode()
    out, room = [], first
    while text:
        n = len(text)
        while n > 1 and len(encode(text[:n], charset)) > room:
            n -= 1
        out.append(b"=?%s?B?%s?=" % (charset.encode(), base64.b64encode(encode(text[:n], charset))))
        text, room = text[n:], 36
    return b"\r\n ".join(out)


def date(when):
    when = when.astimezone(JST)
    return "%s, %02d %s %d %s +0900" % (DAYS[when.weekday()], when.day, MONTHS[when.month - 1],
                                        when.year, when.strftime("%H:%M:%S"))


def head(fields):
    """Fields (name, str or bytes value); None values are left out."""
    return b"".join(b"%s: %s\r\n" % (k.encode(), v if isinstance(v, bytes) else v.encode())
                    for k, v in fields if v is not None)


def transfer(data, cte):
    if cte == "base64":
        return b64_lines(data)
    if cte == "quoted-printable":
        return quopri.encodestring(data.replace(b"\r\n", b"\n")).replace(b"\n", b"\r\n")
    return data


def text_part(text, subtype="plain", charset="UTF-8", cte=None, params="", label=None):
    """A text part with its header fields. label: the charset that is claimed."""
    cte = cte or {"ISO-2022-JP": "7bit", "US-ASCII": "7bit"}.get(charset, "base64")
    data = encode(text.replace("\n", "\r\n") if text.endswith("\n") or not text
                  else text.replace("\n", "\r\n") + "\r\n", charset)
    kind = "text/%s" % subtype
    if label != "":
        kind += "; charset=%s" % (label or charset)
    return head([("Content-Type", kind + params), ("Content-Transfer-Encoding", cte)]) + \
        b"\r\n" + transfer(data, cte)


def parameter(name, value, charset="UTF-8", style="rfc2231"):
    """One parameter of a header field: rfc2231, outlook (encoded words) or raw."""
    if value.isascii():
        return b'%s="%s"' % (name.encode(), value.encode())
    data = encode(value, charset)
    if style == "outlook":
        return b'%s="%s"' % (name.encode(), words(value, charset))
    if style == "raw":
        return b'%s="%s"' % (name.encode(), data)
    quoted = "".join(chr(b) if chr(b).isalnum() and b < 128 or b in b"-._" else "%%%02X" % b
                     for b in data)
    return b"%s*=%s''%s" % (name.encode(), charset.encode(), quoted.encode())


def attachment(data, media_type, filename, charset="UTF-8", style="rfc2231"):
    kind = media_type.encode() + b";\r\n " + parameter("name", filename, charset, "outlook")
    how = b"attachment;\r\n " + parameter("filename", filename, charset, style)
    return head([("Content-Type", kind), ("Content-Transfer-Encoding", "base64"),
                 ("Content-Disposition", how)]) + b"\r\n" + b64_lines(data)


def message_part(raw):
    return head([("Content-Type", "message/rfc822"),
                 ("Content-Disposition", "attachment")]) + b"\r\n" + raw


def multipart(subtype, parts, boundary, params=""):
    line = b"--" + boundary.encode()
    return head([("Content-Type", 'multipart/%s; boundary="%s"%s' % (subtype, boundary, params))]) + \
        b"\r\n" + b"".join(line + b"\r\n" + p.rstrip(b"\r\n") + b"\r\n" for p in parts) + line + b"--\r\n"


def report(recipient, status, action, diagnostic, original, boundary, host="mx.customer.example"):
    """A delivery status notification (RFC 3464) body."""
    note = ("This is the mail system at host %s.\n\nYour message could not be delivered to\n"
            "<%s>: %s\n" % (host, recipient, diagnostic))
    fields = ("Reporting-MTA: dns; %s\r\n\r\nFinal-Recipient: rfc822; %s\r\nAction: %s\r\n"
              "Status: %s\r\nDiagnostic-Code: smtp; %s\r\n"
              % (host, recipient, action, status, diagnostic)).encode()
    return multipart("report", [
        text_part(note, charset="US-ASCII"),
        head([("Content-Type", "message/delivery-status")]) + b"\r\n" + fields,
        head([("Content-Type", "message/rfc822")]) + b"\r\n" + original],
        boundary, "; report-type=delivery-status")


def html(text, charset="UTF-8"):
    rows = "".join("<div>%s</div>\n" % (r.replace("&", "&amp;").replace("<", "&lt;") or "<br>")
                   for r in text.split("\n"))
    return ('<html><head><meta http-equiv="Content-Type" content="text/html; charset=%s">\n'
            "<style>body { font-family: 'Meiryo UI'; }</style></head>\n<body>\n%s</body></html>\n"
            % (charset, rows))


def quote(text, mark="> "):
    return "\n".join((mark + r).rstrip() for r in text.rstrip("\n").split("\n"))
