"""Tables in Chinese of measurements and sums by place: nobody stands in them.

Invariant: a row depends on its number and the seed alone.
"""

from math import pi, sin

from exchange.demo.tables.invented import CITIES, START, Invented
from exchange.demo.tables.shape import TableKind, fields

CROPS = (
    ("大白菜", 1.8),
    ("黄瓜", 4.2),
    ("西红柿", 5.1),
    ("土豆", 2.6),
    ("猪肉", 22.5),
    ("鸡蛋", 9.8),
    ("苹果", 7.4),
    ("草鱼", 15.6),
)
DEPARTMENTS = (
    "心血管内科",
    "呼吸内科",
    "骨科",
    "普外科",
    "儿科",
    "妇产科",
    "眼科",
    "急诊科",
    "康复科",
    "肿瘤科",
)
STATIONS = 120


def weather(make: Invented, number: int) -> tuple[object, ...]:
    """Return one hour of one weather station."""
    station, hour = number % STATIONS, number // STATIONS
    moment = START.timestamp() + hour * 3600
    city = CITIES[station % len(CITIES)]
    warmth = 14 + 12 * sin(2 * pi * (hour / 8760 - 0.28)) + 5 * sin(2 * pi * (hour % 24 - 9) / 24)
    rain = max(0.0, make.random.gauss(-1.5, 1.4))
    return (
        f"{54000 + station}",
        f"{city[0]}第{station // len(CITIES) + 1}站",
        f"{START.fromtimestamp(moment, START.tzinfo):%Y-%m-%d %H:00}",
        f"{warmth + make.random.gauss(0, 1.2):.1f}",
        make.random.randint(22, 98),
        f"{1013 + make.random.gauss(0, 6):.1f}",
        f"{abs(make.random.gauss(2.6, 1.8)):.1f}",
        make.random.randrange(0, 360, 5),
        f"{rain:.1f}",
    )


def charging(make: Invented, number: int) -> tuple[object, ...]:
    """Return one charging session at one pile."""
    pile = make.random.randrange(800)
    city = CITIES[pile % len(CITIES)]
    minutes = make.random.randint(12, 180)
    energy = minutes * make.random.uniform(0.4, 0.95)
    start = make.moment(number, 53)
    return (
        f"CP{pile:05d}",
        f"{city[0]}示例充电站{pile // 40 + 1}",
        f"{city[3] + (pile % 17 - 8) * 0.011:.6f}",
        f"{city[4] + (pile % 23 - 11) * 0.009:.6f}",
        make.random.choice((7, 60, 120, 180)),
        f"{start:%Y-%m-%d %H:%M:%S}",
        minutes,
        f"{energy:.2f}",
        f"{energy * 1.18:.2f}",
    )


def buses(make: Invented, number: int) -> tuple[object, ...]:
    """Return one position of one bus of a city line; the vehicle number is the fleet's own."""
    bus = number % 240
    line = bus // 12 + 1
    turn = number // 240 * 15 / 3600
    return (
        f"{line}路",
        f"GJ{line:03d}{bus % 12:02d}",
        f"{make.moment(number // 240, 15):%Y-%m-%d %H:%M:%S}",
        f"{120.16 + 0.06 * sin(turn + bus):.6f}",
        f"{30.27 + 0.04 * sin(turn * 1.3 + line):.6f}",
        f"{abs(make.random.gauss(24, 11)):.1f}",
        make.random.randrange(360),
        make.random.choice(("上行", "下行")),
    )


def hospitals(make: Invented, number: int) -> tuple[object, ...]:
    """Return the month of one hospital department, as sums only."""
    visits = make.random.randint(400, 9000)
    beds = make.random.randint(20, 90)
    month = number // len(DEPARTMENTS) % 12 + 1
    return (
        f"示例医院{number // (12 * len(DEPARTMENTS)) + 1}",
        DEPARTMENTS[number % len(DEPARTMENTS)],
        f"2026-{month:02d}",
        visits,
        int(visits * make.random.uniform(0.02, 0.1)),
        beds,
        f"{make.random.uniform(62, 108):.1f}",
        f"{make.random.uniform(3.5, 12):.1f}",
        f"{make.random.uniform(180, 460):.2f}",
    )


def tourism(make: Invented, number: int) -> tuple[object, ...]:
    """Return the day of one scenic area."""
    place = number % 60
    day = START.timestamp() + number // 60 * 86400
    weekend = START.fromtimestamp(day, START.tzinfo).weekday() >= 5
    visitors = int(make.random.lognormvariate(8.1 + 0.5 * weekend, 0.6))
    return (
        f"JQ{place + 1:03d}",
        f"{CITIES[place % len(CITIES)][0]}示例景区{place // len(CITIES) + 1}",
        f"{START.fromtimestamp(day, START.tzinfo):%Y-%m-%d}",
        visitors,
        int(visitors * make.random.uniform(0.3, 0.8)),
        f"{make.random.uniform(1.5, 6):.1f}",
        f"{visitors * make.random.uniform(60, 240):.2f}",
        make.random.choice(("晴", "多云", "阴", "小雨", "雪")),
    )


def farm_prices(make: Invented, number: int) -> tuple[object, ...]:
    """Return the price of one crop at one wholesale market on one day."""
    crop, price = CROPS[number % len(CROPS)]
    market = number // len(CROPS) % 30
    day = number // (len(CROPS) * 30)
    middle = price * (1 + 0.15 * sin(2 * pi * day / 365)) * make.random.uniform(0.94, 1.06)
    moment = START.fromtimestamp(START.timestamp() + day * 86400, START.tzinfo)
    return (
        f"{moment:%Y-%m-%d}",
        f"{CITIES[market % len(CITIES)][0]}示例批发市场{market // len(CITIES) + 1}",
        crop,
        f"{middle * 0.9:.2f}",
        f"{middle:.2f}",
        f"{middle * 1.12:.2f}",
        "元/公斤",
        make.random.randint(200, 40000),
    )


PLACE_TABLES = (
    TableKind(
        "weather_stations",
        "气象站逐小时观测数据",
        "Hourly observations of weather stations",
        "zh",
        "M",
        "气象",
        fields(
            ("站号", "code", "气象站编号"),
            ("站名", "text", "气象站名称"),
            ("观测时间", "datetime", "观测的整点时间"),
            ("气温", "decimal", "气温，摄氏度"),
            ("相对湿度", "integer", "相对湿度，百分比"),
            ("气压", "decimal", "海平面气压，百帕"),
            ("风速", "decimal", "两分钟平均风速，米每秒"),
            ("风向", "integer", "风向，度"),
            ("降水量", "decimal", "一小时降水量，毫米"),
        ),
        weather,
    ),
    TableKind(
        "charging_piles",
        "充电桩充电记录",
        "Sessions of charging piles",
        "zh",
        "D",
        "能源",
        fields(
            ("桩编号", "code", "充电桩编号"),
            ("充电站", "text", "充电站名称"),
            ("经度", "decimal", "充电站经度"),
            ("纬度", "decimal", "充电站纬度"),
            ("额定功率", "integer", "额定功率，千瓦"),
            ("开始时间", "datetime", "开始充电时间"),
            ("充电时长", "integer", "分钟"),
            ("充电量", "decimal", "千瓦时"),
            ("费用", "decimal", "元"),
        ),
        charging,
    ),
    TableKind(
        "bus_positions",
        "公交车辆定位数据",
        "Positions of city buses",
        "zh",
        "G",
        "公交",
        fields(
            ("线路", "text", "公交线路"),
            ("车辆编号", "code", "公司内部车辆编号"),
            ("定位时间", "datetime", "定位时间"),
            ("经度", "decimal", "经度"),
            ("纬度", "decimal", "纬度"),
            ("车速", "decimal", "公里每小时"),
            ("方向角", "integer", "度"),
            ("行驶方向", "text", "上行或下行"),
        ),
        buses,
    ),
    TableKind(
        "hospital_departments",
        "医院科室运行统计",
        "Monthly figures of hospital departments",
        "zh",
        "Q",
        "医疗",
        fields(
            ("医院", "text", "医院名称"),
            ("科室", "text", "科室名称"),
            ("月份", "date", "统计月份"),
            ("门诊人次", "integer", "门诊人次"),
            ("出院人数", "integer", "出院人数"),
            ("开放床位数", "integer", "床位数"),
            ("病床使用率", "decimal", "百分比"),
            ("平均住院日", "decimal", "天"),
            ("门诊次均费用", "decimal", "元"),
        ),
        hospitals,
    ),
    TableKind(
        "tourism_flow",
        "景区客流数据",
        "Visitors of scenic areas",
        "zh",
        "N",
        "旅游",
        fields(
            ("景区编号", "code", "景区编号"),
            ("景区名称", "text", "景区名称"),
            ("日期", "date", "日期"),
            ("接待人次", "integer", "当日接待人次"),
            ("外地游客数", "integer", "外地游客数"),
            ("平均停留时长", "decimal", "小时"),
            ("旅游收入", "decimal", "元"),
            ("天气", "text", "天气"),
        ),
        tourism,
    ),
    TableKind(
        "farm_prices",
        "农产品批发价格",
        "Wholesale prices of farm products",
        "zh",
        "A",
        "农业",
        fields(
            ("日期", "date", "报价日期"),
            ("市场名称", "text", "批发市场名称"),
            ("品种", "text", "农产品品种"),
            ("最低价", "decimal", "最低价"),
            ("平均价", "decimal", "平均价"),
            ("最高价", "decimal", "最高价"),
            ("单位", "text", "计价单位"),
            ("成交量", "integer", "公斤"),
        ),
        farm_prices,
    ),
)
