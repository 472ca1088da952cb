"""Tables in Chinese about invented persons. Invariant: the fields say what a scan has to find."""

from exchange.demo.tables.invented import Invented
from exchange.demo.tables.shape import TableKind, fields

DIAGNOSES = (
    "高血压",
    "2型糖尿病",
    "支气管炎",
    "腰椎间盘突出",
    "胃炎",
    "过敏性鼻炎",
    "偏头痛",
    "骨折",
)
REMARKS = (
    "工作日联系",
    "已回访",
    "需要发票",
    "周末送货",
    "老客户",
    "暂无",
    "改期一次",
    "请电话确认",
)


def customers(make: Invented, number: int) -> tuple[object, ...]:
    """Return one customer; one remark in twenty repeats the number in passing."""
    city = make.city()[0]
    mobile = make.mobile()
    remark = make.random.choice(REMARKS)
    if make.random.random() < 0.05:
        remark = f"{remark}，备用号码{make.mobile()}"
    return (
        f"KH{number + 1:08d}",
        make.han_name(),
        make.random.choice(("男", "女")),
        mobile,
        make.email() if make.random.random() < 0.7 else "",
        make.address(city),
        make.random.choice(("普通", "银卡", "金卡")),
        f"{make.random.lognormvariate(6.2, 1.1):.2f}",
        f"{make.moment(number, 600):%Y-%m-%d}",
        remark,
    )


def residents(make: Invented, number: int) -> tuple[object, ...]:
    """Return one resident of a community, children too."""
    city, province, *_ = make.city()
    born = make.born(1940, 2024)
    return (
        number + 1,
        make.han_name(),
        make.resident_id(province, born),
        f"{born:%Y-%m-%d}",
        make.mobile() if make.random.random() < 0.9 else "",
        make.address(city),
        make.random.choice(("户主", "配偶", "子女", "父母")),
    )


def transactions(make: Invented, number: int) -> tuple[object, ...]:
    """Return one transfer between two bank cards."""
    return (
        f"{make.moment(number, 29):%Y%m%d%H%M%S}{number % 1_000_000:06d}",
        make.bank_card(),
        make.han_name(),
        make.bank_card(make.random.choice((16, 19))),
        f"{make.random.lognormvariate(5.8, 1.4):.2f}",
        make.random.choice(("CNY", "CNY", "CNY", "USD")),
        f"{make.moment(number, 29):%Y-%m-%d %H:%M:%S}",
        make.random.choice(("手机银行", "柜面", "网银", "ATM")),
        make.random.choice(("转账", "消费", "工资", "还款")),
    )


def parcels(make: Invented, number: int) -> tuple[object, ...]:
    """Return one parcel with sender and recipient."""
    city = make.city()[0]
    return (
        f"YT{make.digits(13)}",
        make.han_name(),
        make.landline() if make.random.random() < 0.1 else make.mobile(),
        make.han_name(),
        make.mobile(),
        make.address(city),
        f"{make.random.lognormvariate(0.4, 0.8):.2f}",
        f"{make.moment(number, 9):%Y-%m-%d %H:%M:%S}",
    )


def clinic(make: Invented, number: int) -> tuple[object, ...]:
    """Return one visit to a clinic."""
    _, province, *_ = make.city()
    born = make.born(1935, 2022)
    return (
        f"MZ{make.digits(9)}",
        make.han_name(),
        make.resident_id(province, born),
        make.random.choice(DIAGNOSES),
        make.random.choice(("阿司匹林", "二甲双胍", "布洛芬", "氯雷他定", "无")),
        f"{make.random.uniform(30, 900):.2f}",
        f"{make.moment(number, 300):%Y-%m-%d}",
    )


def parking(make: Invented, number: int) -> tuple[object, ...]:
    """Return one stay in a car park."""
    place = make.city()[2]
    return (
        f"TC{number + 1:09d}",
        make.plate(place),
        make.mobile() if make.random.random() < 0.3 else "",
        f"{make.moment(number, 20):%Y-%m-%d %H:%M:%S}",
        make.random.randint(5, 900),
        f"{make.random.randint(0, 60)}.00",
    )


def purchases(make: Invented, number: int) -> tuple[object, ...]:
    """Return what one member bought in a month; the vendor alone knows who the code is."""
    return (
        f"HY{make.digits(8)}",
        make.random.choice(("18-29", "30-39", "40-49", "50-59", "60+")),
        make.city()[0],
        make.random.choice(("食品", "日用", "服饰", "家电", "图书")),
        f"2026-{1 + number % 10:02d}",
        make.random.randint(1, 30),
        f"{make.random.lognormvariate(5.5, 0.9):.2f}",
    )


PEOPLE_TABLES = (
    TableKind(
        "customers",
        "会员客户名单",
        "Members of a loyalty programme",
        "zh",
        "F",
        "零售",
        fields(
            ("客户编号", "code", "客户编号"),
            ("客户姓名", "text", "姓名", "personal", "person_name"),
            ("性别", "text", "性别", "personal"),
            ("手机号", "code", "手机号码", "personal", "mobile"),
            ("电子邮箱", "text", "邮箱", "personal", "email"),
            ("联系地址", "text", "收货地址", "personal", "postal_address"),
            ("会员等级", "text", "会员等级"),
            ("累计消费", "decimal", "元", "personal"),
            ("注册日期", "date", "注册日期"),
            ("备注", "text", "客服备注", "personal", "mobile"),
        ),
        customers,
    ),
    TableKind(
        "residents",
        "社区居民登记表",
        "Residents of a community",
        "zh",
        "S",
        "社区",
        fields(
            ("序号", "integer", "序号"),
            ("姓名", "text", "姓名", "personal", "person_name"),
            ("身份证号", "code", "公民身份号码", "personal", "resident_id"),
            ("出生日期", "date", "出生日期", "personal", "birth_date"),
            ("联系电话", "code", "手机号码", "personal", "mobile"),
            ("家庭住址", "text", "住址", "personal", "postal_address"),
            ("与户主关系", "text", "关系", "personal"),
        ),
        residents,
    ),
    TableKind(
        "bank_transactions",
        "银行卡交易流水",
        "Transfers between bank cards",
        "zh",
        "J",
        "金融",
        fields(
            ("交易流水号", "code", "交易流水号"),
            ("付款卡号", "code", "付款银行卡号", "sensitive", "bank_card"),
            ("付款人姓名", "text", "付款人姓名", "personal", "person_name"),
            ("收款卡号", "code", "收款银行卡号", "sensitive", "bank_card"),
            ("交易金额", "decimal", "交易金额", "sensitive"),
            ("币种", "code", "币种"),
            ("交易时间", "datetime", "交易时间"),
            ("渠道", "text", "交易渠道"),
            ("用途", "text", "用途"),
        ),
        transactions,
    ),
    TableKind(
        "parcels",
        "快递收派件明细",
        "Parcels with sender and recipient",
        "zh",
        "G",
        "物流",
        fields(
            ("快递单号", "code", "快递单号"),
            ("寄件人", "text", "寄件人姓名", "personal", "person_name"),
            ("寄件电话", "code", "寄件人电话", "personal", "mobile landline"),
            ("收件人", "text", "收件人姓名", "personal", "person_name"),
            ("收件手机", "code", "收件人手机", "personal", "mobile"),
            ("收件地址", "text", "收件地址", "personal", "postal_address"),
            ("重量", "decimal", "公斤"),
            ("揽收时间", "datetime", "揽收时间"),
        ),
        parcels,
    ),
    TableKind(
        "clinic_visits",
        "门诊就诊明细",
        "Visits to a clinic",
        "zh",
        "Q",
        "医疗",
        fields(
            ("门诊号", "code", "门诊号", "sensitive", "health"),
            ("患者姓名", "text", "患者姓名", "personal", "person_name"),
            ("证件号码", "code", "居民身份证号码", "personal", "resident_id"),
            ("诊断", "text", "诊断", "sensitive", "health"),
            ("用药", "text", "药品", "sensitive", "health"),
            ("费用", "decimal", "元", "personal"),
            ("就诊日期", "date", "就诊日期"),
        ),
        clinic,
    ),
    TableKind(
        "parking_stays",
        "停车场进出记录",
        "Stays in car parks",
        "zh",
        "G",
        "停车",
        fields(
            ("记录号", "code", "记录号"),
            ("车牌号码", "code", "车牌", "personal", "vehicle_plate"),
            ("车主手机", "code", "车主手机", "personal", "mobile"),
            ("入场时间", "datetime", "入场时间"),
            ("停车时长", "integer", "分钟"),
            ("停车费", "decimal", "元"),
        ),
        parking,
    ),
    TableKind(
        "member_purchases",
        "会员月度消费",
        "Monthly purchases of members",
        "zh",
        "F",
        "零售",
        fields(
            ("会员代码", "code", "会员代码，对照表由数据商保管", "personal"),
            ("年龄段", "text", "年龄段", "personal"),
            ("城市", "text", "所在城市"),
            ("品类", "text", "商品品类"),
            ("月份", "text", "年和月"),
            ("次数", "integer", "购买次数", "personal"),
            ("消费金额", "decimal", "元", "personal"),
        ),
        purchases,
    ),
)
