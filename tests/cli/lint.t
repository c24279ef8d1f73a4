#!/bin/sh
# madoguchi lint and suggest, as people and scripts call them
m="$top_builddir/src/madoguchi"
tmp=$(mktemp -d) || exit 99
trap 'rm -rf "$tmp"' EXIT
n=0
ok() { # status name
	n=$((n + 1))
	if [ "$1" -eq 0 ]; then echo "ok $n - $2"; else echo "not ok $n - $2"; fi
}

out=$(printf '田中様のご注文{{order_no}}について' | "$m" lint --json -)
[ $? -eq 1 ] && echo "$out" | grep -q '"guard.slot"'
ok $? "an unfilled slot blocks and gives 1"

printf 'ご確認ください。\n' | "$m" lint --json - >"$tmp/out"
[ $? -eq 0 ] && [ "$(cat "$tmp/out")" = "[]" ]
ok $? "a good sentence gives an empty array and 0"

printf '了解しました。\n' | "$m" lint --json --lang ja - >"$tmp/out"
[ $? -eq 0 ] && grep -q '"severity": *"warn"' "$tmp/out"
ok $? "a slip of politeness does not block"

printf '鈴木 花子 様\n\nお世話になっております。\n' >"$tmp/letter"
"$m" lint --customer '田中 一郎' "$tmp/letter" >/dev/null
[ $? -eq 1 ]
ok $? "a letter to someone else blocks"
"$m" lint --customer '鈴木 花子' "$tmp/letter" >/dev/null
[ $? -eq 0 ]
ok $? "a letter to the customer does not"

"$m" lint --json >/dev/null 2>&1
[ $? -eq 64 ]
ok $? "no file is wrong usage"
"$m" lint "$tmp/nothing" >/dev/null 2>&1
[ $? -eq 66 ]
ok $? "a missing file gives 66"

cat >"$tmp/cat" <<'END'
{"id": 7, "title": "パスワード再設定のご案内", "body": "再設定の画面をご案内します。", "examples": ["ログインできません"]}
{"id": "haisou", "title": "配送の遅れのお詫び", "body": "お届けが遅れております。"}
END
cat >"$tmp/q" <<'END'
{"id": 1, "text": "パスワードを忘れました"}
{"id": "x", "text": "荷物の配送が遅いのですが"}
{"id": "y", "text": "ごきげんよう"}
END
"$m" suggest --catalogue "$tmp/cat" --queries "$tmp/q" --top 1 --json >"$tmp/out"
[ $? -eq 0 ] && [ "$(wc -l <"$tmp/out")" -eq 3 ] &&
	sed -n 1p "$tmp/out" | grep -q '"id":"7"' &&
	sed -n 2p "$tmp/out" | grep -q '"id":"haisou"' &&
	[ "$(sed -n 3p "$tmp/out")" = '{"id":"y","ranked":[]}' ]
ok $? "suggest answers each query in order, ids as strings"
MDG_MECAB_DIC=/nonexistent "$m" suggest --catalogue "$tmp/cat" \
	--queries "$tmp/q" --top 1 --json 2>/dev/null >"$tmp/out"
[ $? -eq 0 ] && sed -n 1p "$tmp/out" | grep -q '"id":"7"'
ok $? "suggest works without a dictionary"
# nothing is said, whatever the templates are made of
cat >"$tmp/twelve" <<'END'
{"id": "a", "title": "返品", "body": ""}
{"id": "b", "title": "ログイン", "body": "", "examples": ["会員のページに入ろうとすると弾かれます", "何度も間違えて凍結されました、解除してほしい", "パソコンからは入れるのにアプリからは入れない", "パソコンを買い替えたら会員ページに進めない", "クッキーを有効にしてと言われて入れません", "認証のメールが来ないので先に進めない", "ロボットではありませんの確認が終わらない", "前の電話番号に認証が行ってしまう", "ログアウトされてしまい戻れない", "メールアドレスが登録されていませんと出ます", "友達のアカウントになってしまう", "生体認証が効かなくなった"]}
END
printf '{"id":1,"text":""}\n{"id":2,"text":"\\n"}\n{"id":3,"text":" \\u3000\\r\\n\\n"}\n' >"$tmp/blank"
[ -z "$("$m" suggest --catalogue "$tmp/twelve" --queries "$tmp/blank" --json | grep -v '"ranked":\[\]')" ]
ok $? "suggest offers nothing for a mail without words"
# as an editor on Windows writes it: byte order mark, CRLF, blank lines; and
# rows with a body left out, or none
printf '\357\273\277{"id":1,"title":"返品"}\r\n\r\n' >"$tmp/win"
printf '{"id":"b","title":"配送\\t\\"速達\\"","body":null}\r\n' >>"$tmp/win"
printf '{"id":"c","title":"","body":"解約の方法"}' >>"$tmp/win"
printf '\357\273\277{"id":"q","text":"速達で送って"}\r\n' >"$tmp/qwin"
printf '{"id":"r","text":"解約"}\r\n{"id":"s","text":""}' >>"$tmp/qwin"
"$m" suggest --catalogue "$tmp/win" --queries "$tmp/qwin" --json >"$tmp/out"
[ $? -eq 0 ] && sed -n 1p "$tmp/out" | grep -q '"ranked":\[{"id":"b"' &&
	sed -n 2p "$tmp/out" | grep -q '"ranked":\[{"id":"c"' &&
	[ "$(sed -n 3p "$tmp/out")" = '{"id":"s","ranked":[]}' ]
ok $? "suggest reads what editors on Windows write"
cat "$tmp/win" >"$tmp/twice"
printf '\n{"id":"c","title":"x"}\n' >>"$tmp/twice"
"$m" suggest --catalogue "$tmp/twice" --queries "$tmp/qwin" 2>"$tmp/err"
[ $? -eq 65 ] && grep -q 'c' "$tmp/err"
ok $? "an id given twice gives 65, and is named"
echo '{"id": 1' >"$tmp/bad"
"$m" suggest --catalogue "$tmp/bad" --queries "$tmp/q" --json >/dev/null 2>&1
[ $? -eq 65 ]
ok $? "a broken catalogue gives 65"

echo "1..$n"
