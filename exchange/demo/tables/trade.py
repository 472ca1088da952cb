"""Tables in Chinese of companies, goods and prices: nobody stands in them.

Invariant: a row depends on its number and the seed alone.
"""

from exchange.demo.tables.invented import Invented
from exchange.demo.tables.shape import TableKind, fields

WARES = (
    "矿泉水",
    "方便面",
    "酸奶",
    "洗衣液",
    "抽纸",
    "食用油",
    "大米",
    "牙膏",
    "巧克力",
    "毛巾",
    "电池",
    "啤酒",
)
CARS = (
    ("甲牌", "远行", 12.8),
    ("乙牌", "城市", 9.6),
    ("丙牌", "越野", 21.3),
    ("丁牌", "电动", 17.9),
)


def companies(make: Invented, number: int) -> tuple[object, ...]:
    """Return the registration of one company."""
    city, province, *_ = make.city()
    return (
        make.credit_code(province),
        make.company(city),
        make.random.choice(("有限责任公司", "股份有限公司", "个人独资企业")),
        make.random.choice((50, 100, 200, 500, 1000, 3000, 5000)),
        f"{make.born(1995, 2024):%Y-%m-%d}",
        make.random.choice(("存续", "存续", "存续", "存续", "注销", "吊销")),
        make.random.choice(("批发和零售业", "制造业", "信息技术服务业", "农业", "交通运输业")),
        make.address(city),
    )


def waybills(make: Invented, number: int) -> tuple[object, ...]:
    """Return one consignment between two cities."""
    start, end = make.city(), make.city()
    sent = make.moment(number, 37)
    return (
        f"SLWL{26_0000_0000 + number * 7 + make.random.randrange(7):012d}",
        start[0],
        end[0],
        make.random.choice(("冷链", "普货", "快件", "大件")),
        f"{make.random.lognormvariate(2.2, 1.1):.2f}",
        f"{make.random.lognormvariate(-1.2, 0.8):.3f}",
        f"{sent:%Y-%m-%d %H:%M:%S}",
        make.random.randint(6, 96),
        make.random.choice(("已签收", "已签收", "已签收", "运输中", "退回")),
    )


def sales(make: Invented, number: int) -> tuple[object, ...]:
    """Return one line of a till receipt; the barcode is a valid EAN-13."""
    ware = make.random.randrange(len(WARES))
    body = f"690{1000 + ware}{make.random.randrange(60):05d}"
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(body))
    price = 2.5 + ware * 3.3
    count = make.random.choice((1, 1, 1, 2, 2, 3, 5))
    moment = make.moment(number, 11)
    return (
        f"{moment:%Y%m%d}{1 + number % 40:04d}{number % 1_000_000:06d}",
        f"S{1 + number % 40:03d}",
        f"{body}{-total % 10}",
        WARES[ware],
        count,
        f"{price:.2f}",
        f"{price * count:.2f}",
        f"{moment:%Y-%m-%d %H:%M:%S}",
        make.random.choice(("会员", "非会员")),
    )


def cars(make: Invented, number: int) -> tuple[object, ...]:
    """Return the asking price of one used car."""
    brand, model, new = make.random.choice(CARS)
    year = make.random.randint(2014, 2025)
    age = 2026 - year
    distance = max(0.2, age * make.random.gauss(1.6, 0.5))
    price = new * 0.86**age * make.random.uniform(0.9, 1.08)
    return (
        f"ESC{100000 + number}",
        brand,
        f"{model}{make.random.choice((1.5, 1.8, 2.0))}T",
        f"{year}-{make.random.randint(1, 12):02d}",
        f"{distance:.2f}",
        make.random.choice(("国五", "国六")),
        make.city()[0],
        f"{new:.2f}",
        f"{price:.2f}",
    )


def bids(make: Invented, number: int) -> tuple[object, ...]:
    """Return the result of one public tender."""
    city, province, *_ = make.city()
    budget = make.random.lognormvariate(13.2, 1.3)
    return (
        f"ZB-2026-{province}-{number + 1:06d}",
        f"{city}{make.random.choice(('道路养护', '信息系统', '办公设备', '绿化', '物业服务'))}项目",
        f"{city}示例采购中心",
        make.company(city),
        make.credit_code(province),
        f"{budget:.2f}",
        f"{budget * make.random.uniform(0.82, 0.99):.2f}",
        f"{make.moment(number, 3600):%Y-%m-%d}",
        make.random.randint(3, 14),
    )


TRADE_TABLES = (
    TableKind(
        "enterprise_registry",
        "企业登记信息",
        "Register of companies",
        "zh",
        "L",
        "企业",
        fields(
            ("统一社会信用代码", "code", "登记机关赋予的代码", "none", "social_credit_code"),
            ("企业名称", "text", "登记的企业名称"),
            ("企业类型", "text", "登记的企业类型"),
            ("注册资本", "integer", "注册资本，万元"),
            ("成立日期", "date", "成立日期"),
            ("登记状态", "text", "登记状态"),
            ("行业", "text", "国民经济行业"),
            ("企业注册地址", "text", "登记的企业住所"),
        ),
        companies,
    ),
    TableKind(
        "waybills",
        "干线物流运单数据",
        "Consignments of long-distance freight",
        "zh",
        "G",
        "物流",
        fields(
            ("运单号", "code", "运单编号"),
            ("始发城市", "text", "始发城市"),
            ("目的城市", "text", "目的城市"),
            ("货物类型", "text", "货物类型"),
            ("重量", "decimal", "重量，公斤"),
            ("体积", "decimal", "体积，立方米"),
            ("发货时间", "datetime", "发货时间"),
            ("时效", "integer", "运输时长，小时"),
            ("运单状态", "text", "状态"),
        ),
        waybills,
    ),
    TableKind(
        "retail_sales",
        "连锁门店销售流水",
        "Till receipts of a chain of shops",
        "zh",
        "F",
        "零售",
        fields(
            ("流水号", "code", "收银流水号"),
            ("门店编号", "code", "门店编号"),
            ("商品条码", "code", "EAN-13 条码"),
            ("商品名称", "text", "商品名称"),
            ("数量", "integer", "销售数量"),
            ("单价", "decimal", "单价，元"),
            ("金额", "decimal", "销售金额，元"),
            ("销售时间", "datetime", "销售时间"),
            ("顾客类型", "text", "是否会员"),
        ),
        sales,
    ),
    TableKind(
        "used_cars",
        "二手车报价数据",
        "Asking prices of used cars",
        "zh",
        "F",
        "汽车",
        fields(
            ("车源编号", "code", "车源编号"),
            ("品牌", "text", "品牌"),
            ("车型", "text", "车型"),
            ("上牌年月", "date", "首次上牌年月"),
            ("行驶里程", "decimal", "万公里"),
            ("排放标准", "text", "排放标准"),
            ("所在城市", "text", "所在城市"),
            ("新车指导价", "decimal", "万元"),
            ("报价", "decimal", "万元"),
        ),
        cars,
    ),
    TableKind(
        "public_tenders",
        "政府采购中标数据",
        "Results of public tenders",
        "zh",
        "S",
        "招投标",
        fields(
            ("项目编号", "code", "项目编号"),
            ("项目名称", "text", "项目名称"),
            ("采购单位", "text", "采购单位"),
            ("中标供应商", "text", "中标供应商名称"),
            ("供应商信用代码", "code", "统一社会信用代码", "none", "social_credit_code"),
            ("预算金额", "decimal", "元"),
            ("中标金额", "decimal", "元"),
            ("中标日期", "date", "公告日期"),
            ("投标单位数", "integer", "投标单位数"),
        ),
        bids,
    ),
)
