"""A few rows of all parts of a file, for what is known by how a whole column looks.

Invariant: bounded, and only counts stay.
"""

import re
from collections.abc import Sequence
from itertools import zip_longest

from compliance.scan import values
from compliance.scan.identity import Tried
from compliance.scan.tally import FIRST_ROWS, Sketch

HEAD_ROWS = 1000
BLOCK_ROWS = 32
BLOCK_STEP = 32
MOST_ROWS = 5000

# The commonest surnames; they cover more than nine persons in ten.
SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林郑谢罗梁宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈"
    "姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
    "常温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季"
)
HAN_NAME = re.compile(
    f"(?:[{SURNAMES}][\u4e00-\u9fff]{{1,2}}|(?:欧阳|司马|上官|诸葛|东方|皇甫|尉迟|公孙|慕容|令狐|夏侯)"
    f"[\u4e00-\u9fff]{{1,2}}|[{SURNAMES}][*某×xX]{{1,2}})"
).fullmatch
FIRST_NAMES = frozenset(
    [
        "james",
        "john",
        "robert",
        "michael",
        "william",
        "david",
        "richard",
        "joseph",
        "thomas",
        "charles",
        "christopher",
        "daniel",
        "matthew",
        "anthony",
        "mark",
        "donald",
        "steven",
        "paul",
        "andrew",
        "joshua",
        "kenneth",
        "kevin",
        "brian",
        "george",
        "timothy",
        "ronald",
        "edward",
        "jason",
        "jeffrey",
        "ryan",
        "jacob",
        "gary",
        "nicholas",
        "eric",
        "jonathan",
        "stephen",
        "larry",
        "justin",
        "scott",
        "brandon",
        "benjamin",
        "samuel",
        "gregory",
        "alexander",
        "frank",
        "patrick",
        "raymond",
        "jack",
        "dennis",
        "jerry",
        "tyler",
        "aaron",
        "jose",
        "adam",
        "nathan",
        "henry",
        "douglas",
        "zachary",
        "peter",
        "kyle",
        "noah",
        "ethan",
        "jeremy",
        "walter",
        "christian",
        "keith",
        "roger",
        "terry",
        "austin",
        "sean",
        "gerald",
        "carl",
        "harold",
        "dylan",
        "arthur",
        "lawrence",
        "jordan",
        "jesse",
        "bryan",
        "billy",
        "bruce",
        "gabriel",
        "joe",
        "logan",
        "alan",
        "juan",
        "albert",
        "willie",
        "elijah",
        "wayne",
        "randy",
        "vincent",
        "mason",
        "roy",
        "ralph",
        "bobby",
        "russell",
        "bradley",
        "philip",
        "eugene",
        "mary",
        "patricia",
        "jennifer",
        "linda",
        "elizabeth",
        "barbara",
        "susan",
        "jessica",
        "sarah",
        "karen",
        "lisa",
        "nancy",
        "betty",
        "sandra",
        "margaret",
        "ashley",
        "kimberly",
        "emily",
        "donna",
        "michelle",
        "carol",
        "amanda",
        "melissa",
        "deborah",
        "stephanie",
        "dorothy",
        "rebecca",
        "sharon",
        "laura",
        "cynthia",
        "amy",
        "kathleen",
        "angela",
        "shirley",
        "brenda",
        "emma",
        "anna",
        "pamela",
        "nicole",
        "samantha",
        "katherine",
        "christine",
        "helen",
        "debra",
        "rachel",
        "carolyn",
        "janet",
        "maria",
        "catherine",
        "heather",
        "diane",
        "olivia",
        "julie",
        "joyce",
        "victoria",
        "ruth",
        "virginia",
        "lauren",
        "kelly",
        "christina",
        "joan",
        "evelyn",
        "judith",
        "andrea",
        "hannah",
        "megan",
        "cheryl",
        "jacqueline",
        "martha",
        "madison",
        "teresa",
        "gloria",
        "sara",
        "janice",
        "ann",
        "kathryn",
        "abigail",
        "sophia",
        "frances",
        "jean",
        "alice",
        "judy",
        "isabella",
        "julia",
        "grace",
        "amber",
        "denise",
        "danielle",
        "marilyn",
        "beverly",
        "charlotte",
        "natalie",
        "theresa",
        "diana",
        "brittany",
        "doris",
        "kayla",
        "fred",
        "steve",
        "will",
        "rick",
        "harry",
        "oliver",
        "oscar",
        "leo",
        "lucas",
        "liam",
        "sophie",
        "chloe",
        "lucy",
        "ella",
        "mia",
        "fiona",
        "nigel",
        "ian",
    ]
)
ENGLISH_NAME = re.compile(
    r"(?:(?:Mr|Mrs|Ms|Dr)\.? )?([A-Z][a-z]{1,14})(?: [A-Z]\.?)?(?:[ -][A-Z][A-Za-z'’-]{1,20}){0,2}"
).fullmatch
HAN_ADDRESS = re.compile(
    "(?:[\u4e00-\u9fff]{2,8}(?:省|自治区))?[\u4e00-\u9fff]{2,8}(?:市|州|盟|地区)[\u4e00-\u9fff]{1,8}(?:区|县|旗|市)"
    "[\u4e00-\u9fff0-9A-Za-z()（）·-]{0,30}(?:路|街|道|巷|弄|镇|乡|村|小区|花园|苑|里)[\u4e00-\u9fff0-9A-Za-z()（）-]{1,30}"
    "|"
    "[\u4e00-\u9fff0-9A-Za-z()（）·-]{0,40}(?:路|街|大道|巷|弄|胡同|村|镇|小区|花园|苑|里|新村)"
    "[\u4e00-\u9fff0-9A-Za-z-]{0,15}[0-9]{1,5}[ -]?(?:号|弄|室|栋|幢|单元|组|座|楼).{0,30}"
).fullmatch
ENGLISH_ADDRESS = re.compile(
    r"[0-9]{1,5}[A-Za-z]? [NSEW.]{0,3} ?[A-Z0-9][\w.' -]{1,40} (?:St|Street|Ave|Avenue|Rd|Road|Blvd|Boulevard|Ln|Lane"  # noqa: E501
    r"|Dr|Drive|Way|Ct|Court|Sq|Square|Pl|Place|Terrace|Close)\b.{0,60}"
).fullmatch
DATE = re.compile(
    "((?:18|19|20)[0-9]{2})[-/.年]?(?:0?[1-9]|1[0-2])[-/.月]?(?:0?[1-9]|[12][0-9]|3[01])日?(?:[ T].{0,20})?"  # noqa: E501
).fullmatch
AGE = re.compile("[0-9]{1,2}|1[01][0-9]").fullmatch
# Longitude and latitude in one cell, as maps and devices write them.
PAIR = re.compile(
    r"(?:POINT ?|SRID=4326;POINT ?)?[\[({]? ?-?[0-9]{1,3}[.][0-9]{3,}(?: ?[,;，] ?| )"
    r"-?[0-9]{1,3}[.][0-9]{3,}(?:[,; ]-?[0-9.]+)? ?[\])}]?"
).fullmatch
# Words for diseases, in lines of UTF-8 bytes.
DISEASES = values.compiled(
    "(?m)^[^\\n]*(?:"
    + values.any_of(
        (
            "高血压",
            "糖尿病",
            "冠心病",
            "肿瘤",
            "癌",
            "白血病",
            "肝炎",
            "肺炎",
            "结核",
            "艾滋",
            "梅毒",
            "哮喘",
            "支气管炎",
            "胃炎",
            "肾炎",
            "心肌",
            "脑梗",
            "脑出血",
            "中风",
            "骨折",
            "抑郁",
            "精神分裂",
            "癫痫",
            "痛风",
            "贫血",
            "甲亢",
            "甲减",
            "关节炎",
            "椎间盘",
            "鼻炎",
            "阑尾",
            "结石",
            "妊娠",
            "流产",
            "帕金森",
            "阿尔茨海默",
            "偏头痛",
            "过敏",
            "感染",
        )
    )
    + "|(?i:diabet|hypertens|cancer|carcinoma|tumou?r|leuka?emia|hepatitis|pneumonia|tuberculosis"
    "|asthma|bronchitis|gastritis|nephritis|myocard|stroke|fracture|depress(?:ion|ive)"
    "|schizophren|epilep|arthritis|migraine|hiv|syphilis|pregnan|alzheimer|parkinson))[^\\n]*$"
)
PICTURE = re.compile("(?:data:image/|/9j/|iVBORw0KGgo)[A-Za-z0-9+/=:;,]{300,}").match
COORDINATE = re.compile("-?[0-9]{1,3}[.][0-9]{3,}").fullmatch
NUMERIC = re.compile("[-+]?[0-9][0-9.,/:eE%+-]*").fullmatch


class ColumnSample:
    """What the sampled cells of one column look like; `rows` are the first that are filled."""

    __slots__ = (
        "addresses",
        "ages",
        "children",
        "coordinates",
        "dates",
        "diseases",
        "distinct",
        "english_names",
        "filled",
        "han_names",
        "numeric",
        "pairs",
        "pictures",
        "rows",
        "tried",
        "years",
    )  # fmt: skip

    def __init__(self) -> None:
        self.filled = self.numeric = self.han_names = self.english_names = self.addresses = 0
        self.dates = self.coordinates = self.pairs = self.ages = self.children = 0
        self.diseases = self.pictures = 0
        self.tried = Tried()
        self.rows: list[int] = []
        self.years: dict[str, int] = {}
        self.distinct = Sketch()

    def add(self, cells: Sequence[str], rows: Sequence[int]) -> None:
        """Look at `cells`, which stand in `rows`."""
        filled = [cell.strip() for cell in cells]
        if len(self.rows) < FIRST_ROWS:
            places = [rows[place] for place, cell in enumerate(filled) if cell]
            self.rows = sorted({*self.rows, *places[:FIRST_ROWS]})[:FIRST_ROWS]
        filled = [cell for cell in filled if cell]
        self.filled += len(filled)
        self.distinct.add(filled)
        self.tried.add(filled)
        self.pairs += sum(map(bool, map(PAIR, filled)))
        texts = [cell for cell in filled if not NUMERIC(cell)]
        numbers = [cell for cell in filled if NUMERIC(cell)] if len(texts) < len(filled) else []
        self.numeric += len(numbers)
        self.add_texts(texts)
        for found in filter(None, map(DATE, filled)):
            self.dates += 1
            self.years[found[1]] = self.years.get(found[1], 0) + 1
        self.coordinates += sum(map(bool, map(COORDINATE, numbers)))
        ages = [int(cell) for cell in numbers if AGE(cell)]
        self.ages += len(ages)
        self.children += sum(age < 14 for age in ages)

    def add_texts(self, texts: Sequence[str]) -> None:
        """Look at `texts`, cells that are not numbers."""
        self.han_names += sum(map(bool, map(HAN_NAME, texts)))
        self.english_names += sum(map(first_name, texts))
        lines = "\n".join([text.replace("\n", " ") for text in texts if len(text) < 200])
        self.diseases += sum(1 for _ in values.spans(DISEASES, lines.encode("utf-8", "replace")))
        self.pictures += sum(bool(PICTURE(text)) for text in texts if len(text) > 400)
        self.addresses += sum(
            bool(HAN_ADDRESS(text) or ENGLISH_ADDRESS(text))
            for text in texts
            if 6 < len(text) < 200
        )

    def share(self, count: int) -> float:
        """Return `count` as a share of the filled cells."""
        return count / self.filled if self.filled else 0.0


def first_name(text: str) -> bool:
    """Tell whether `text` begins with a common English first name and is shaped like a name."""
    found = ENGLISH_NAME(text) if len(text) < 60 else None
    return found is not None and found[1].lower() in FIRST_NAMES


class Sample:
    """The sampled rows of a table, `rows` of them."""

    def __init__(self) -> None:
        self.columns: dict[int, ColumnSample] = {}
        self.rows = 0

    def add(self, rows: Sequence[Sequence[str]], first_row: int) -> None:
        """Look at `rows`, the first of which has the record number `first_row`."""
        self.rows += len(rows)
        numbers = range(first_row, first_row + len(rows))
        for number, cells in enumerate(zip_longest(*rows, fillvalue="")):
            self.look(number, cells, numbers)

    def look(self, number: int, cells: Sequence[str], rows: Sequence[int]) -> None:
        """Look at `cells` of column `number`, which stand in `rows`."""
        column = self.columns.get(number)
        if column is None:
            column = self.columns[number] = ColumnSample()
        column.add(cells, rows)
