/*
 * Where somebody lives, as patterns over folded text: 〒 and seven digits, the
 * prefecture, the municipality, the town with its numbers, a house and a room.
 * Numbers must stand behind, joined to a place as only a place's are: 埼玉県の
 * お店で3-4回 is none. The place of a shop (…4-2-8の店舗) is not the customer's.
 */
#ifndef MDG_REPLY_SLOTS_PLACE_H
#define MDG_REPLY_SLOTS_PLACE_H

/* clang-format off */
#define PLACE_GAP "[ ]{0,2}\\n?[ ]{0,2}"
#define PLACE_SIGN "[一-龥々〆ヶァ-ヺー]"
#define PLACE_POST "(?:〒[ ]?|(?<![0-9\\-]))[0-9]{3}-?[0-9]{4}"
#define PLACE_PREF "(?:北海道|東京都|(?:京都|大阪)府|(?:青森|岩手|宮城|秋田|山形|福島|茨城|栃木|群馬|埼玉|千葉|神奈川|新潟|富山|石川|福井|山梨|長野|岐阜|静岡|愛知|三重|滋賀|兵庫|奈良|和歌山|鳥取|島根|岡山|広島|山口|徳島|香川|愛媛|高知|福岡|佐賀|長崎|熊本|大分|宮崎|鹿児島|沖縄)県)"
#define PLACE_LABEL "(?:ご?住所(?:変更)?|(?:お?(?:届け?|送り)|送付|配送|発送|配達|転居|転送|移転|引っ?越し?)先(?:の?住所)?|所在地|新居)"
/* 港区, つくば市, さいたま市, 緑が丘町, 四日市市 */
#define PLACE_CITY "(?:[ぁ-ん]{2,6}|" PLACE_SIGN "{1,6}?(?:[がのつ]" PLACE_SIGN "{1,3}?)?|" PLACE_SIGN "[ぁ-ん]{1,3})[市区町村郡]"
/* kana between other signs (自由が丘, 上る), or names in kana */
#define PLACE_TOWN "(?:" PLACE_SIGN "|[0-9]{1,2}条(?:通|[東西南北])|[がのつ](?=" PLACE_SIGN ")|(?<=[上下入])る|(?!から|より|まで|では|には|です|への|にて|にも|にあ|にお|でも)[ぁ-ん]{2,7}(?=" PLACE_SIGN "|[ ]?[0-9]))"
#define PLACE_NUMBER "(?:[0-9]{1,5}|[一二三四五六七八九十百〇]{1,6})"
#define PLACE_JOINT "(?:[ ]?(?:丁目|番地の|番地|番町|番|条[東西南北]?|号|線|の|ノ|之)[ ]?|[\\-ー―—–−])"
#define PLACE_NUMBERS(joints) PLACE_NUMBER "(?:" PLACE_JOINT PLACE_NUMBER "){" joints ",5}(?:丁目|番地|番|号室|号)?"
#define PLACE_ONE "(?:" PLACE_NUMBER "(?:番地|番|号)|(?<=町|村|字)[0-9]{1,5}|字" PLACE_SIGN "{1,6}[0-9]{1,5})"
/* numbers of something else */
#define PLACE_END "(?![0-9]|[\\-ー][0-9]|[ ]?(?:[回人名個日月年時分週円枚本台割倍歳才代件軒店%:]|[ヶケか箇]))"
/* a house and a room on the same line, or a line of its own */
#define PLACE_ROOM "[A-Za-z]?-?[0-9一二三四五六七八九十〇]{1,5}[A-Za-z]?(?:号室|号|階|F|棟)?(?:[ \\-]?[0-9]{1,4}(?:号室|号)?)?(?![0-9\\-/]|[ ]?[年月日時分円歳才代:])"
#define PLACE_HOUSE_SIGN "[一-龥々ァ-ヺーA-Za-z・のヶ0-9]"
#define PLACE_NO_HOUSE "(?!(?i)ご?(?:電話|tel|携帯|fax|連絡|氏名|名前|担当|注文|会員|商品|型番|〒|e?-?mail))"
#define PLACE_HOUSE "(?:(?:[ 、]{1,2}" PLACE_NO_HOUSE "(?:[ぁ-ん]{2,6}(?=" PLACE_SIGN "))?|" PLACE_NO_HOUSE ")" \
	"(?:" PLACE_HOUSE_SIGN "{2,20}?[ ]?" PLACE_ROOM "|" PLACE_HOUSE_SIGN "{1,20}(?:荘|棟|館|寮|邸|ビル|ハイツ|コーポ|ハウス|タワー))" \
	"|[ ]?[0-9]{1,4}号室|\\n[ ]{0,2}" PLACE_NO_HOUSE PLACE_HOUSE_SIGN "{2,20}[ ]?[0-9]{1,4}(?:号室|号|階|F)$)?"
#define PLACE_OURS "(?![ ]?(?:の|に(?:ある|あった))[^。\\n]{0,8}(?:店|支社|営業所|本社|窓口|倉庫|工場|施設|会場))"
#define PLACE_REST(joints) PLACE_GAP PLACE_TOWN "{0,24}[ ]?(?:" PLACE_NUMBERS(joints) "|" PLACE_ONE ")" PLACE_END
#define PLACE_WHOLE "((?:" PLACE_POST PLACE_GAP "(?:" PLACE_PREF ")?|" PLACE_PREF ")" PLACE_GAP PLACE_CITY PLACE_REST("1") PLACE_HOUSE ")" PLACE_OURS
#define PLACE_LABELLED PLACE_LABEL "[ ]*(?:は|が|を|も|:|=|→|、|[】\\])」])*" PLACE_GAP "(" PLACE_CITY PLACE_REST("1") PLACE_HOUSE ")" PLACE_OURS
#define PLACE_BARE "(?<!" PLACE_SIGN ")(" PLACE_CITY PLACE_TOWN "{2,24}(?:" PLACE_NUMBERS("2") "|(?<=丁目)" PLACE_NUMBERS("1") ")" PLACE_END PLACE_HOUSE \
	"|" PLACE_SIGN "{2,4}市" PLACE_SIGN "{1,4}区" PLACE_TOWN "{2,24}(?:" PLACE_NUMBERS("1") "|(?<=[るル入]|[東西]入)" PLACE_SIGN "{1,6}[0-9]{1,4})" PLACE_END PLACE_HOUSE ")" PLACE_OURS
/* clang-format on */

#endif
