"""What laws and rules are called. Invariant: the Chinese name is the one that they have."""

from django.utils.text import format_lazy
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

# What an instrument is called in English; its Chinese name is the one it has.
INSTRUMENTS = {
    "个人信息保护法": "Personal Information Protection Law",
    "网络数据安全管理条例": "Network Data Security Regulations",
    "数据安全法": "Data Security Law",
    "数据产权登记工作指引（试行）": "Data Property Rights Registration Guidelines (trial)",
    "深圳市数据交易管理暂行办法": "Shenzhen Interim Measures for Data Trading",
    "保守国家秘密法": "Law on Guarding State Secrets",
    "上海市数据条例": "Shanghai Data Regulations",
    "征信业管理条例": "Credit Reporting Regulations",
    "最高人民法院、最高人民检察院关于办理侵犯公民个人信息刑事案件适用法律若干问题的解释": (
        "Judicial Interpretation on Crimes against Citizens' Personal Information"
    ),
    "出口管制法": "Export Control Law",
    "深圳经济特区数据条例": "Shenzhen Special Economic Zone Data Regulations",
    "关于构建数据基础制度更好发挥数据要素作用的意见": "Data Twenty Measures",
    "公共数据资源授权运营实施规范（试行）": (
        "Rules on the Authorised Operation of Public Data Resources (trial)"
    ),
    "促进和规范数据跨境流动规定": "Provisions on Cross-Border Data Flows",
    "网络安全法": "Cybersecurity Law",
    "测绘法": "Surveying and Mapping Law",
    "地图管理条例": "Map Management Regulations",
    "关于建立公共数据资源授权运营价格形成机制的通知（发改价格〔2025〕65号）": (
        "Notice on the Pricing of Authorised Public Data (NDRC Price [2025] 65)"
    ),
    "银行保险机构数据安全管理办法": "Data Security Measures for Banks and Insurers",
    "深圳市数据产权登记管理暂行办法": "Shenzhen Interim Measures for Data Property Registration",
    "汽车数据安全管理若干规定（试行）": "Provisions on Automotive Data Security (trial)",
    "人类遗传资源管理条例": "Human Genetic Resources Regulations",
    "统计法": "Statistics Law",
    "粤港澳大湾区（内地、澳门）个人信息跨境流动标准合同实施指引": (
        "Greater Bay Area (Mainland, Macao) Standard Contract Guidelines"
    ),
    "电子商务法": "E-Commerce Law",
    "档案法": "Archives Law",
    "技术进出口管理条例": "Technology Import and Export Regulations",
    "反垄断法": "Anti-Monopoly Law",
    "公共数据资源登记管理暂行办法": "Interim Measures for the Registration of Public Data",
    "公共安全视频图像信息系统管理条例": "Public Security Video Systems Regulations",
    "临港新片区数据跨境流动分类分级管理办法（试行）": (
        "Lingang Measures for Classified Cross-Border Data Flows (trial)"
    ),
    "个人信息出境认证办法": "Measures for the Certification of Personal Information Export",
    "上海数据交易中心《数据流通禁止清单》": (
        "Shanghai Data Exchange Centre, List of Data Barred from Circulation"
    ),
    "民法典": "Civil Code",
    "数据资产全过程管理试点方案（财资〔2024〕167号）": (
        "Pilot Plan for Managing Data Assets throughout (MOF Assets [2024] 167)"
    ),
    "国务院关于清理整顿各类交易场所切实防范金融风险的决定（国发〔2011〕38号）": (
        "State Council Decision on Cleaning up Trading Venues (State Council [2011] 38)"
    ),
    "中国（天津）自由贸易试验区数据出境管理清单（负面清单）": "Tianjin Zone Export List",
    "北京自贸试验区数据出境管理清单": "Beijing Zone Export List",
    "上海自贸试验区及临港新片区数据出境管理清单": "Shanghai and Lingang Zone Export List",
    "海南自由贸易港数据出境管理清单": "Hainan Free Trade Port Export List",
    "浙江自贸试验区数据出境管理清单": "Zhejiang Zone Export List",
    "广西自贸试验区数据出境管理清单": "Guangxi Zone Export List",
    "江苏自贸试验区数据出境管理清单": "Jiangsu Zone Export List",
    "重庆自贸试验区数据出境管理清单": "Chongqing Zone Export List",
    "福建自贸试验区数据出境管理清单": "Fujian Zone Export List",
    "广东自贸试验区数据出境管理清单": "Guangdong Zone Export List",
}
_NUMERALS = ["一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二", "十三"]
ARTICLES = {
    "附件 1": _("annex 1"),
    "全文": _("the whole"),
    "核心数据": _("on core data"),
    "数据共享、转移和对外提供": _("on sharing, transfer and provision"),
    "不予登记情形（一）": _("grounds for refusing registration (1)"),
    "不予登记情形（三）": _("grounds for refusing registration (3)"),
    "（四）": _("measure 4"),
    "（十四）": _("measure 14"),
    "（十五）": _("measure 15"),
    "三": _("section 3"),
    "四（三）": _("section 4 (3)"),
    "清单": _("the list"),
    # The thirteen categories of the list of Tianjin.
    **{
        f"第{numeral}类": format_lazy(_("part {number}"), number=number)
        for number, numeral in enumerate(_NUMERALS, 1)
    },
}


def instrument(name: str) -> str:
    """Return what a law or rule is called in the reader's language, in Chinese in its marks."""
    if not (get_language() or "").startswith("zh"):
        return INSTRUMENTS.get(name, name)
    plain = name.startswith("GB/T") or "《" in name
    return name if plain else f"《{name}》"
