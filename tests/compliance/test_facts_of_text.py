"""What the text of a listing speaks of."""

import pytest

from compliance.facts import facts_from_content
from compliance.facts.mentions import has_classification_mark, mentions_in, names_personal


@pytest.mark.parametrize(
    ("text", "mentioned"),
    [
        ("本产品包含用户身份证号。", ("resident_id",)),
        ("不含姓名、身份证号、手机号，仅有汇总值", ()),
        ("数据来自网络。不含身份证号。另有人脸照片", ("biometric",)),
        ("身 份 证 号 码", ("resident_id",)),
        ("身\u200b份\u200b证", ("resident_id",)),
        ("ＩＤ CARD NUMBER of each person", ("resident_id",)),
        ("There is no identity card number in it", ()),
        ("Without identity card number. Phone number included", ("contact",)),
        ("转基因玉米产量", ()),
        ("铁路货车车体检修故障数据", ()),
        ("社工库 查询", ("illicit_trade",)),
        ("国家档案馆馆藏目录", ("state_archives",)),
        ("", ()),
    ],
)
def test_the_text_is_read_clause_by_clause(text: str, mentioned: tuple[str, ...]) -> None:
    assert mentions_in([text]) == mentioned


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("机密★5年", True),
        ("秘密 ★", True),
        ("密级：机密", True),
        ("【绝密】作战图", True),
        ("TOP SECRET", True),
        ("商业秘密保护", False),
        ("机密性、完整性、可用性", False),
        ("保守秘密的义务", False),
    ],
)
def test_a_secrecy_mark_is_told_from_the_word(text: str, marked: bool) -> None:
    assert has_classification_mark([text]) is marked


@pytest.mark.parametrize(
    ("name", "personal"),
    [
        ("sfzh", True),
        ("mobile_no", True),
        ("联系电话", True),
        ("企业名称", False),
        ("volume", False),
    ],
)
def test_a_field_is_known_by_its_name(name: str, personal: bool) -> None:
    assert names_personal(name) is personal


def test_the_text_is_read_in_time_even_when_it_is_as_long_as_it_may_be() -> None:
    content = {
        "description": {"zh": "车" * 20_000, "en": "a " * 10_000},
        "dictionary": [{"name": f"n{one}", "meaning": "m" * 500} for one in range(2_000)],
    }

    assert facts_from_content(content).text.mentions == ()
