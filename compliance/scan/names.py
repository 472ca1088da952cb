"""What a column name says of its values. Invariant: a name is evidence, never proof.

Names are Chinese, pinyin (whole or initials) and English. Names of organisations, places, counts
and rates are no names of persons: 企业名称, 门诊人次, port_name say nothing here.
"""

import re
import unicodedata

# Chinese: any of these within the name. Longer words first where one is inside another.
CHINESE: tuple[tuple[str, str], ...] = (
    ("resident_id", "身份证|公民身份号码|证件号|身份号码|居民身份|军官证|士兵证"),
    ("passport", "护照|通行证号|台胞证|回乡证"),
    (
        "foreign_id",
        "社会安全号|社安号|外国人永久居留|驾驶证号|驾照号|주민등록번호|マイナンバー|個人番号|身分證字號|身分証",
    ),
    (
        "person_name",
        "姓名|联系人|收件人|寄件人|收货人|发货人|户主|患者名|病人名|司机名|法定代表人|法人代表|负责人|持卡人|开户人"
        "|监护人|申请人|投保人|被保险人|受益人|经办人|曾用名|真实姓|发明人|乘客名|业主名|学生名|员工名|客户名",
    ),
    ("birth_date", "出生日期|出生年月|生日|出生时间"),
    ("mobile", "手机|移动电话|联系方式|联系号码"),
    ("landline", "电话|座机|固话|传真"),
    ("email", "邮箱|电子邮件|邮件地址"),
    ("postal_address", "住址|地址|户籍地|居住地|门牌|住所"),
    (
        "bank_card",
        "银行卡|卡号|银行账号|银行帐号|收款账号|付款账号|信用卡|借记卡|储蓄卡|开户账号|对方账号",
    ),
    ("vehicle_plate", "车牌|号牌号码|车号牌"),
    ("device_id", "设备识别码|设备标识|手机串号|国际移动设备|mac地址|物理地址|网卡地址"),
    ("ip_address", "ip地址|(?<![a-z])ip$|登录ip"),
    (
        "health",
        "诊断|病史|疾病|病历|住院号|门诊号|就诊卡|过敏史|用药|处方|检验结果|化验|血型|血压|血糖|症状|手术名|残疾类"
        "|传染病|体检结果|孕产|既往史|病种",
    ),
    ("biometric", "指纹|人脸|虹膜|声纹|掌纹|步态|面部特征|耳廓|面部识别|刷脸"),
    ("genetic", "(?<!转)基因|dna|染色体|遗传"),
    ("religion", "宗教信仰|信仰"),
    ("social_credit_code", "社会信用代码|信用代码|组织机构代码"),
    ("classification_mark", "密级|保密等级"),
)
# What turns the name of a person's attribute into one of an organisation, a place or a count.
CHINESE_OTHERS = re.compile(
    "关系|人次|人数|次数|数量|占比|比例|比率|率$|费用|金额|合计|总数|均值|平均|床位|类型$|类别$|型号|版本|状态$|长度"
    "|标志$|网址|网站|链接|URL|url"
)
CHINESE_ORGANISATION = re.compile(
    "企业|公司|单位|机构|注册|经营|店|门店|站|厂|商户|供应商|仓|码头|港|医院|学校|网点|园区|景区|市场|桩|始发|目的"
)
ORGANISATION_KINDS = frozenset({"postal_address", "person_name"})

PINYIN: dict[str, str] = {
    "shenfenzheng": "resident_id", "shenfenzhenghao": "resident_id",
    "shenfenzhenghaoma": "resident_id", "sfz": "resident_id", "sfzh": "resident_id",
    "sfzhm": "resident_id", "sfzjh": "resident_id", "zjhm": "resident_id", "zjh": "resident_id",
    "zhengjianhao": "resident_id", "zhengjianhaoma": "resident_id", "gmsfhm": "resident_id",
    "huzhao": "passport", "huzhaohao": "passport", "hzhm": "passport",
    "xingming": "person_name", "xm": "person_name", "khxm": "person_name", "hzxm": "person_name",
    "lianxiren": "person_name", "lxr": "person_name", "kehuxingming": "person_name",
    "csrq": "birth_date", "chushengriqi": "birth_date", "shengri": "birth_date",
    "shouji": "mobile", "shoujihao": "mobile", "shoujihaoma": "mobile", "sjh": "mobile",
    "sjhm": "mobile", "yddh": "mobile", "lxfs": "mobile", "lianxifangshi": "mobile",
    "dianhua": "landline", "lianxidianhua": "landline", "lxdh": "landline", "dhhm": "landline",
    "youxiang": "email", "dianziyouxiang": "email", "dzyx": "email",
    "dizhi": "postal_address", "zhuzhi": "postal_address", "jtzz": "postal_address",
    "jiatingzhuzhi": "postal_address", "lxdz": "postal_address", "hjdz": "postal_address",
    "yinhangka": "bank_card", "yinhangkahao": "bank_card", "yhkh": "bank_card", "yhzh": "bank_card",
    "kahao": "bank_card", "chepai": "vehicle_plate", "chepaihao": "vehicle_plate",
    "cph": "vehicle_plate", "cphm": "vehicle_plate", "hphm": "vehicle_plate",
    "zhenduan": "health", "jibing": "health", "binglihao": "health", "blh": "health",
    "zyh": "health", "xuexing": "health", "bingshi": "health", "zhiwen": "biometric",
    "renlian": "biometric", "hongmo": "biometric", "shengwen": "biometric", "jiyin": "genetic",
    "zjxy": "religion", "miji": "classification_mark", "tyshxydm": "social_credit_code",
    "ipdz": "ip_address", "macdz": "device_id",
    "shebeihao": "device_id", "sbh": "device_id", "jtdz": "postal_address", "zz": "postal_address",
    "xxdz": "postal_address", "shdz": "postal_address", "shouhuodizhi": "postal_address",
    "txdz": "postal_address", "hkszd": "postal_address", "sjhaoma": "mobile", "sjr": "person_name",
    "shoujianren": "person_name", "yonghuming": "person_name", "xsxm": "person_name",
    "ygxm": "person_name", "zsxm": "person_name", "zhenshixingming": "person_name",
    "fuzeren": "person_name", "hzmc": "person_name", "csny": "birth_date",
    "chushengnianyue": "birth_date", "gddh": "landline", "zuoji": "landline", "lxhm": "mobile",
    "email": "email", "kh": "bank_card", "xykh": "bank_card", "xinyongka": "bank_card",
    "yhkhm": "bank_card", "skzh": "bank_card", "clhp": "vehicle_plate", "jzcs": "health",
    "zdmc": "health", "zdjg": "health", "bingli": "health", "bl": "health", "hzbh": "health",
    "zws": "biometric", "rltz": "biometric", "tyxydm": "social_credit_code",
    "tongyishehuixinyongdaima": "social_credit_code", "baomidengji": "classification_mark",
    "mj": "classification_mark", "sfhm": "resident_id", "sfzhao": "resident_id",
    "shenfenzhenghaoma18": "resident_id", "gmsfzh": "resident_id", "shfzh": "resident_id",
    "zjbh": "resident_id", "txzhm": "passport", "hzh": "passport",
    "shxydm": "social_credit_code", "xydm": "social_credit_code",
}  # fmt: skip

# English: whole words in this order, anywhere in the name.
ENGLISH: tuple[tuple[str, str], ...] = (
    (
        "resident_id",
        "id ?card( (no|num|number))?|identity (card|no|num|number)|(national|citizen|resident) id"
        "( (no|num|number))?|id (no|num|number)|identification (no|number)|ric|id card no",
    ),
    ("passport", "passport( ?(no|num|number|id))?|travel document( (no|number))?"),
    (
        "foreign_id",
        "ssn|social security( ?(no|num|number))?|itin|sin|social insurance( (no|num|number))?"
        "|nhs( (no|number))?|nino|national insurance( (no|number))?|aadhaa?r( (no|num|number))?"
        "|uidai|pan( (no|number|card))?|cpf|dni|nie|nif|codice ?fiscale|nir|insee( (no|number))?"
        "|idnr|steuer ?id( ?nr)?|steuerliche identifikationsnummer|bsn|burgerservicenummer"
        "|rijksregisternummer|niss|insz|personnummer|fodselsnummer|fødselsnummer"
        "|cpr( (no|nr|nummer|number))?|hetu|henkilotunnus|pesel|rodne cislo|cnp|egn|amka|oib|emso"
        "|jmbg|isikukood|asmens kodas|ppsn?( (no|number))?|ahv( (nr|nummer))?|rrn|jumin|my ?number"
        "|hkid( (no|number))?|nric( (no|number))?|mykad|nik|cnic( (no|number))?|tckn"
        "|tc ?kimlik( no)?|kimlik( no)?|teudat zehut|curp|cedula|rnokpp|snils"
        "|(driver'?s?|driving) licen[cs]e( (no|number))?|tax ?(payer )?id"
        "|resident registration( (no|number))?",
    ),
    (
        "person_name",
        "(first|last|middle|given|family|full|maiden|real|christian) ?names?|surname|forename|"
        "(customer|client|patient|person|employee|staff|student|member|driver|passenger|owner|holder"
        "|contact|user|guest|recipient|consignee|sender|buyer|insured|applicant|cardholder|payee"
        "|reviewer|account|legal representative|reporter)('s)? ?names?|contact person|cardholder"
        "|inventors?",
    ),
    ("birth_date", "(birth|born) ?(date|day|on|time)|born|date of birth|dob|birthday|birthdate"),
    ("mobile", "mobile( ?(phone|no|num|number))?|cell ?phone|cell( (no|number))|msisdn|handphone"),
    (
        "landline",
        "(tele)?phone( ?(no|num|number))?|tel( ?(no|num|number))?|landline|fax( no| number)?",
    ),
    ("email", "e ?mail( ?address)?|mail address"),
    (
        "postal_address",
        "(home|postal|mailing|street|residential|billing|shipping|delivery|customer|domicile) ?address"  # noqa: E501
        "( line)?( ?[12])?|addr(ess)?( line)?( ?[12])?|street (address|line)( ?[12])?",
    ),
    (
        "bank_card",
        "(bank|credit|debit|payment) ?card( ?(no|num|number))?|card ?(no|num|number)|pan|"
        "(bank )?account ?(no|num|number)|iban|acct( no| number)?",
    ),
    (
        "vehicle_plate",
        "(licen[cs]e|number|vehicle|car|registration) ?plate( ?(no|num|number))?|plate( ?(no|num|number))",  # noqa: E501
    ),
    (
        "device_id",
        "imei|imsi|meid|idfa|idfv|oaid|gaid|android ?id|mac( ?addr(ess)?)?|device (id|no|number)",
    ),
    (
        "ip_address",
        "(client|user|login|source|src|remote|visitor|device|last|register|reg|home)? ?ip( ?v?[46])?"  # noqa: E501
        "( ?addr(ess)?)?|ip ?addr(ess)?",
    ),
    (
        "health",
        "diagnos[ei]s|disease|illness|symptoms?|medical (record|history)( (no|number|id))?|medications?"  # noqa: E501
        "|prescription|allerg(y|ies)|blood (type|group|pressure|sugar)|icd ?(9|10|11)?( code)?|hiv( status)?"  # noqa: E501
        "|patient (id|no|number)|mrn|disabilit(y|ies)|treatment|pregnan(t|cy)|lab results?",
    ),
    (
        "biometric",
        "fingerprints?|face (id|print|embedding|vector|template|image|feature)|faceid|facial (feature|image|vector)"  # noqa: E501
        "|iris (code|scan|template|image)|retina|voice ?print|palm ?print|gait|biometrics?",
    ),
    ("genetic", "genes?|genetic|genotype|dna|genome|snp"),
    ("religion", "religions?|religious( belief)?|faith"),
    ("social_credit_code", "uscc|(unified )?social credit code|credit code"),
    ("classification_mark", "secrecy( level)?|security classification|classification (mark|level)"),
)
ENGLISH_RULES = tuple(
    (kind, re.compile(rf"(?:^|.* )(?:{words})(?: .*|$)").fullmatch) for kind, words in ENGLISH
)
# A name with one of these is about counts, organisations or wares, not about one person.
ENGLISH_OTHERS = re.compile(
    r"(?:^|.* )(?:counts?|total|avg|average|mean|rates?|ratio|pct|percent(age)?|share|sum|amount|fees?|cost|"  # noqa: E501
    r"price|volume|type|status|model|brand|index|score|length|size|format|url|www|verified|flag|enabled|"
    r"expression|id type|class|beds?|visits?|number of|vendor)(?: .*|$)"
).fullmatch
ENGLISH_ORGANISATION = re.compile(
    r"(?:^|.* )(?:company|companies|org(ani[sz]ation)?|enterprise|store|shop|branch|station|port|terminal|"  # noqa: E501
    r"warehouse|hospital|school|product|item|brand|city|country|county|state|region|site|facility|"
    r"supplier|merchant|business|registered|vessel|ship|department|dept|airport|common|scientific)(?: .*|$)"  # noqa: E501
).fullmatch

# Words that stand in headers and say nothing of persons: they show that a row is a header.
KNOWN = re.compile(
    "(?:id|no|code|name|date|time|datetime|timestamp|year|month|day|hour|type|status|city|state|country|region|"
    "province|district|lat|latitude|lon|lng|longitude|value|count|total|amount|price|quantity|qty|unit|"
    "category|title|description|note|remark|comment|age|gender|sex|score|rate|level|source|url|user|group)"
).fullmatch
KNOWN_CHINESE = re.compile(
    "编号|序号|代码|名称|日期|时间|年份|月份|年龄|性别|城市|省份|地区|区县|经度|纬度|类型|类别|状态|金额|价格|单价|数量|单位"
    "|备注|说明|标题|等级|来源|总数|合计|比例|公司|企业|部门|科室|产品|品牌|型号|规格|线路|车辆"
)
POSITION = {
    "latitude": re.compile("lat|latitude|gps lat|wgs84 lat|weidu|wd|纬度|.*纬度.*").fullmatch,
    "longitude": re.compile(
        "lon|lng|long|longitude|gps (lon|lng)|jingdu|jd|经度|.*经度.*"
    ).fullmatch,
    "moment": re.compile(
        "(.* )?(date|time|datetime|timestamp|ts|at)( .*)?|shijian|sj|rq|riqi|.*(时间|时刻|日期).*"
    ).fullmatch,
    "pair": re.compile(
        "(.* )?(location|position|coordinates?|coords?|gps|lat ?lng|lng ?lat|lat ?lon"
        "|point|geom(etry)?)( .*)?|.*(坐标|经纬度|定位|位置).*|zuobiao|dingwei|jwd"
    ).fullmatch,
    "key": re.compile(
        "(.* )?(id|no|code|uuid|key|hash|编号|标识)( .*)?|.*(编号|标识|代码)"
    ).fullmatch,
    "person": re.compile(
        "(.* )?(user|uid|openid|driver|rider|passenger|person|member|customer|device|imei|phone|mobile|employee|"  # noqa: E501
        "student|courier)( .*)?|.*(用户|司机|驾驶员|乘客|会员|骑手|人员|设备号|手机|学生|客户).*"
    ).fullmatch,
    "vehicle": re.compile(
        "(.* )?(vehicle|plate|car|bus|truck|taxi)( .*)?|.*(车牌|车辆|车号).*"
    ).fullmatch,
}
AGE = re.compile("(.* )?age( .*)?|nianling|.*年龄.*").fullmatch
VERSION = re.compile(
    "(.* )?(version|ver|build|firmware|release|oid|section|chapter)( .*)?|.*(版本|章节).*"
).fullmatch
MINORS = re.compile(
    ".*(学籍号|监护人|幼儿|儿童|小学|婴儿|宝宝|新生儿).*|(.* )?(guardian|pupil|kindergarten|child|toddler|infant"  # noqa: E501
    "|baby)( .*)?|xjh|xuejihao|jhr|jianhuren"
).fullmatch
PLAIN_NAME = re.compile("names?|mingzi|mingcheng|名字|名称|昵称").fullmatch


def words(name: str) -> str:
    """Return `name` in lower case with single blanks between words: "cardNo" → "card no"."""
    text = unicodedata.normalize("NFKC", name)
    text = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|[_\-./\\:#()\[\]\s]+", " ", text)
    return text.strip().lower()


def kinds(name: str) -> frozenset[str]:
    """Return the kinds that the column name `name` says, most often none or one."""
    text = words(name[:200])
    joined = text.replace(" ", "")
    found: set[str] = set()
    if not text.isascii():
        if not CHINESE_OTHERS.search(text):
            found |= {kind for kind, pattern in CHINESE if re.search(pattern, joined)}
        if CHINESE_ORGANISATION.search(text) and "法定代表人" not in text and "联系人" not in text:
            found -= ORGANISATION_KINDS
    elif joined in PINYIN:
        found.add(PINYIN[joined])
    elif not ENGLISH_OTHERS(text):
        found |= {kind for kind, rule in ENGLISH_RULES if rule(text)}
        if ENGLISH_ORGANISATION(text):
            found -= ORGANISATION_KINDS
    # "e-mail address" is no postal address, "手机号(联系电话)" no landline.
    if "email" in found:
        found -= {"postal_address"}
    if "mobile" in found:
        found -= {"landline", "postal_address"}
    if found & {"device_id", "ip_address"}:
        found -= {"postal_address", "mobile"}
    # An "id card no" is no number of a bank card.
    if "resident_id" in found:
        found -= {"bank_card", "foreign_id"}
    return frozenset(found)


def known(name: str) -> bool:
    """Tell whether `name` has a word that headers have."""
    text = words(name[:200])
    return any(map(KNOWN, text.split())) or bool(KNOWN_CHINESE.search(text))


def role(name: str, role_name: str) -> bool:
    """Tell whether `name` is that of a `latitude`, `longitude`, `moment`, `person`, `vehicle`."""
    return bool(POSITION[role_name](words(name[:200])))


def organisation(name: str) -> bool:
    """Tell whether `name` is about an organisation, a place or a ware."""
    text = words(name[:200])
    return bool(CHINESE_ORGANISATION.search(text) or ENGLISH_ORGANISATION(text))


def plain_name(name: str) -> bool:
    """Tell whether `name` says "name" and not whose."""
    return bool(PLAIN_NAME(words(name[:200])))


def version(name: str) -> bool:
    """Tell whether `name` says a version, which may look like an address of the network."""
    return bool(VERSION(words(name[:200])))


def minors(name: str) -> bool:
    """Tell whether `name` is one that tables of children have."""
    return bool(MINORS(words(name[:200])))


def age(name: str) -> bool:
    """Tell whether `name` says the age of a person."""
    return bool(AGE(words(name[:200])))
