"""Industry of a category name. Invariant: a name that could be several industries is none."""

from listings.content.vocabulary import INDUSTRIES

# Names that exchanges use beside those of the standard; whole names only, no guessing by parts.
NAMES: dict[str, str] = {
    **{names[2]: section for section, names in INDUSTRIES.items()},
    "农林牧渔": "A",
    "工业制造": "C",
    "智能制造": "C",
    "汽车": "C36",
    "能源电力": "D",
    "智能建筑": "E",
    "新零售": "F",
    "电商消费": "F",
    "交通运输": "G",
    "交通物流": "G",
    "交通/出行": "G",
    "智慧交通": "G",
    "快递货运": "G60",
    "通信运营商": "I63",
    "运营商": "I63",
    "互联网": "I64",
    "互联网/IT/电子/通信": "I",
    "互联网/IT/AI": "I",
    "智慧金融": "J",
    "金融科技": "J",
    "智能投顾": "J",
    "咨询服务": "L72",
    "地理遥感": "M74",
    "气象服务": "M74",
    "气象监测": "M74",
    "知识产权": "M75",
    "环境保护": "N77",
    "医疗健康": "Q",
    "医疗卫生": "Q",
    "新闻传媒": "R86",
    "文化旅游": "R",
    "政府/公共": "S",
    "公共服务": "S",
    "社会公共服务": "S",
    "城市治理": "S",
}


def industry_of(category: str) -> str | None:
    """Return the code of GB/T 4754 of the first known name in a comma-separated list of them."""
    for name in category.split(","):
        code = NAMES.get(name.strip())
        if code:
            return code
    return NAMES.get(category.split(" ", maxsplit=1)[0])
