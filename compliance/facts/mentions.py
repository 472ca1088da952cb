"""What a listing's own words speak of. Invariant: a clause that denies a thing does not mention it.

Terms are plain substrings of the text in NFKC, lower case, without blanks between Chinese
characters, so that full-width letters and spread-out characters hide nothing.
"""

import re
import unicodedata
from collections.abc import Iterable

# A clause ends at these; 、 does not end one, so that "不含姓名、手机号" denies both.
_CLAUSE = re.compile(r"[。；;！!？?\n\r，,]|(?<!\d)\.|\.(?!\d)")
_DENIAL = re.compile(
    r"不含|不包含|不包括|不涉及|不提供|不采集|不收集|不存储|未包含|未涉及|未采集|不存在|没有"
    r"|剔除|去除|删除|移除|无任何|非涉密|不属于|(?:严禁|禁止)(?!外传|外泄|泄露|扩散|翻印|复制)"
    r"|\bno\b|\bnot\b|\bnone\b|\bwithout\b|\bexclud|\bremoved?\b|\bnever\b|n't\b"
)
_CHINESE = "\u3400-\u4dbf\u4e00-\u9fff"
_SPREAD = re.compile(f"(?<=[{_CHINESE}])[\\s\u200b-\u200f\u2060\ufeff·_*-]+(?=[{_CHINESE}])")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")

# 保守国家秘密法: a mark is the grade with ★ or a term, or the grade as a whole field of its own.
_MARK = re.compile(
    r"(绝密|机密|秘密)\s*(★|☆|级)|密级\s*[:：为是]?\s*(绝密|机密|秘密)|\btop secret\b"
    r"|[\[【(（](绝密|机密|秘密)[\]】)）]"
)

TERMS: dict[str, tuple[str, ...]] = {
    "state_secret": ("国家秘密", "涉密", "state secret", "classified information"),
    "work_secret": (
        "工作秘密",
        "内部资料",
        "内部文件",
        "内部使用不得",
        "不得外传",
        "严禁外传",
        "禁止外传",
        "internal use only",
    ),
    "military": (
        "军事",
        "军用",
        "军工",
        "国防工程",
        "国防科工",
        "部队驻地",
        "海军",
        "军港",
        "军舰",
        "战舰",
        "舰艇",
        "作战舰",
        "武器装备",
        "military",
        "defence site",
        "warship",
        "naval base",
        "naval vessel",
    ),
    "core_data": ("国家核心数据", "核心数据目录", "national core data"),
    "important_data": (
        "重要数据目录",
        "属于重要数据",
        "列为重要数据",
        "识别为重要数据",
        "important data catalogue",
    ),
    "illicit_trade": (
        "社工库",
        "撞库",
        "黑产",
        "银行卡四件套",
        "四件套",
        "开房记录",
        "通话详单查询",
        "定位找人",
        "查人定位",
        "户籍信息查询",
        "内部渠道查询",
        "脱库",
        "拖库",
        "暗网",
        "leaked database",
        "data breach dump",
        "stolen database",
        "dark web",
    ),
    "resident_id": (
        "身份证",
        "公民身份号码",
        "身份号码",
        "护照号",
        "resident id",
        "identity card number",
        "id card number",
        "passport number",
        "national id number",
    ),
    "contact": (
        "手机号",
        "电话号码",
        "联系电话",
        "个人邮箱",
        "家庭住址",
        "家庭地址",
        "mobile number",
        "phone number",
        "home address",
    ),
    "biometric": (
        "人脸",
        "指纹",
        "声纹",
        "虹膜",
        "掌纹",
        "步态识别",
        "face image",
        "facial",
        "fingerprint",
        "voiceprint",
        "iris scan",
    ),
    "genetic": (
        "人类遗传资源",
        "人类基因",
        "基因组",
        "基因测序",
        "基因检测",
        "全外显子",
        "dna样本",
        "human genome",
        "human genetic",
        "genomic",
        "dna sequenc",
    ),
    "health": (
        "病历",
        "病例",
        "诊断记录",
        "诊疗",
        "处方",
        "患者",
        "住院",
        "体检报告",
        "健康体检",
        "体检数据",
        "健康档案",
        "medical record",
        "patient",
        "diagnos",
        "prescription",
    ),
    "whereabouts": (
        "行踪",
        "个人轨迹",
        "人员轨迹",
        "用户轨迹",
        "出行轨迹",
        "手机信令",
        "用户位置",
        "手机定位",
        "whereabouts",
        "individual trajector",
        "user location",
    ),
    "minors": ("未成年", "儿童", "幼儿", "中小学生", "小学生", "minors", "children", "pupils"),
    "personal_credit": (
        "个人征信",
        "个人信用",
        "自然人信用",
        "征信报告",
        "借款人评分",
        "personal credit",
        "consumer credit report",
        "credit bureau",
    ),
    "enterprise_credit": (
        "企业征信产品",
        "企业征信报告",
        "企业征信服务",
        "企业信用报告",
        "enterprise credit report",
        "business credit report",
    ),
    "finance": (
        "银行流水",
        "银行账户",
        "存款余额",
        "信贷记录",
        "贷款记录",
        "保单",
        "理赔",
        "投保",
        "bank account",
        "bank statement",
        "loan record",
        "insurance polic",
        "claims record",
    ),
    "public_images": (
        "监控视频",
        "视频监控",
        "监控画面",
        "街景",
        "路侧摄像",
        "车外视频",
        "抓拍",
        "cctv",
        "surveillance video",
        "street view",
    ),
    "public_security_video": (
        "公安视频",
        "天网工程",
        "雪亮工程",
        "公共安全视频",
        "police video",
        "public security video",
    ),
    "unit_statistics": (
        "统计调查原始",
        "普查原始",
        "调查对象明细",
        "单位普查明细",
        "统计报表原表",
        "逐户",
        "census microdata",
        "respondent-level",
        "survey microdata",
    ),
    "map": (
        "电子地图",
        "导航地图",
        "高精地图",
        "高精度地图",
        "地形图",
        "矢量地图",
        "行政区划图",
        "底图数据",
        "hd map",
        "base map",
        "map tiles",
        "topographic map",
        "navigation map",
    ),
    "survey": ("测绘", "倾斜摄影", "实景三维", "点云", "控制点坐标", "land survey", "point cloud"),
    "public_data": (
        "政务数据",
        "公共数据",
        "政府部门数据",
        "政府数据",
        "授权运营",
        "government data",
        "public-sector data",
        "authorised operation",
    ),
    "state_archives": ("国家档案馆馆藏", "国有档案", "国家所有的档案", "state archives"),
    "scraped": (
        "爬虫",
        "爬取",
        "网络抓取",
        "抓取自",
        "自动采集网页",
        "采集自互联网",
        "互联网公开采集",
        "web crawl",
        "crawled",
        "scraped",
        "scraping",
    ),
    "trade_secret": ("商业秘密", "客户名单", "客户名册", "trade secret", "customer list"),
    "third_party_ip": (
        "影视作品",
        "音乐作品",
        "电子书全文",
        "论文全文",
        "正版授权",
        "copyrighted",
        "full text of books",
    ),
    "export_control": ("两用物项", "管制物项", "出口管制", "dual-use", "export controlled"),
    "automotive": (
        "自动驾驶",
        "智能网联汽车",
        "车联网",
        "充电桩",
        "充电网",
        "autonomous driving",
        "connected vehicle",
        "charging network",
    ),
    "de_identified": ("脱敏", "去标识", "匿名化", "anonymised", "anonymized", "de-identified"),
}

_IDENTIFYING_NAME = re.compile(
    r"身份证|公民身份号码|护照|银行卡号|人脸|指纹|声纹|虹膜"
    r"|\b(sfzh|sfzhm|zjhm|idcard|id_card|id_no|idno|resident_id|passport|bank_?card|face_?image"
    r"|fingerprint)(_\w+)?\b"
)
_PERSONAL_NAME = re.compile(
    r"姓名|手机|电话|邮箱|住址|家庭地址|出生日期|性别|民族|微信|车牌"
    r"|\b(xm|sjhm|lxdh|csrq|full_?name|person_?name|mobile|phone|telephone|e_?mail|birth_?date"
    r"|date_of_birth|dob|home_?address|plate_?no|imei)(_\w+)?\b"
)


def normal(text: str) -> str:
    """Return `text` in the one form in which terms are looked for."""
    folded = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).casefold()
    return _SPREAD.sub("", folded)


def mentions_in(texts: Iterable[str]) -> tuple[str, ...]:
    """Return what `texts` speak of, in the order of the vocabulary; denied clauses are left out."""
    clauses = (clause for text in texts for clause in _CLAUSE.split(normal(text)))
    spoken = "\n".join(clause for clause in clauses if clause and not _DENIAL.search(clause))
    return tuple(kind for kind, terms in TERMS.items() if any(term in spoken for term in terms))


def has_classification_mark(texts: Iterable[str]) -> bool:
    """Return whether a secrecy mark stands in one of `texts`."""
    return any(_MARK.search(normal(text)) for text in texts)


def names_identifier(name: str) -> bool:
    """Return whether a field of this name holds what identifies a person by itself."""
    return _IDENTIFYING_NAME.search(normal(name)) is not None


def names_personal(name: str) -> bool:
    """Return whether a field of this name holds personal information."""
    return names_identifier(name) or _PERSONAL_NAME.search(normal(name)) is not None
