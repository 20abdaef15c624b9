"""Printed labels find their codes; what is not a label of the form never finds one with confidence."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from opencc import OpenCC

from gxstats.align.labels import (
    Labels,
    Match,
    before_bracket,
    label_key,
    normalise,
    simplified,
    strip_numbering,
    tolerance,
)
from gxstats.align.vocabulary import heading_of, look_up, sections
from gxstats.schema import Item, forms

ITEMS = [
    (section.section, item)
    for edition in forms()
    for section in edition.sections
    if section.layout != "single_row"
    for block in section.blocks
    for item in block.items
]
TWINS = {"review", "litigation"}
"""Items whose parts bear the same labels: which of them a row is, its parent says, not its label."""
ITEMS = [(section, item) for section, item in ITEMS if item.under not in TWINS]
NAMES = [f"{section}-{item.item}-{n}" for n, (section, item) in enumerate(ITEMS)]
SCRIPTS = [OpenCC("s2t"), OpenCC("s2twp"), OpenCC("s2hk")]
GROUPS = [group.zh for edition in forms() for s in edition.sections for group in s.groups]


def found(text: str) -> tuple[str, str, bool] | None:
    hit = look_up(text).item
    return hit and (hit[0], hit[1].code, hit[1].exact)


@pytest.mark.parametrize(("section", "item"), ITEMS, ids=NAMES)
def test_every_label_of_the_forms_is_exact_behind_any_number(section: str, item: Item) -> None:
    for mark in ("{}", "1.{}", "2、{}", "（3）{}", "(三）{}", "一、{}", "　{} ", "、{}"):
        assert found(mark.format(item.zh)) == (section, item.item, True), mark


@pytest.mark.parametrize(("section", "item"), ITEMS, ids=NAMES)
def test_labels_in_traditional_characters_are_exact(section: str, item: Item) -> None:
    for script in SCRIPTS:
        assert found(script.convert(item.zh)) == (section, item.item, True), script


@pytest.mark.parametrize(("section", "item"), ITEMS, ids=NAMES)
def test_white_space_and_line_breaks_inside_a_label_mean_nothing(section: str, item: Item) -> None:
    assert found("\n".join(item.zh)) == (section, item.item, True)
    assert found("\u3000".join(item.zh)) == (section, item.item, True)


@pytest.mark.parametrize(
    ("text", "code", "exact"),
    [
        ("3.危及“三安全一稳定”", "refused.security_stability", True),
        ('3.危及"三安全一稳定"', "refused.security_stability", True),
        ("3.危及「三安全一穩定」", "refused.security_stability", True),
        ("３．危及＂三安全一稳定＂", "refused.security_stability", True),
        ("部分公开(区分处理的,只计这一情形,不计其他情形)", "granted_in_part", True),
        ("（二）部分公开", "granted_in_part", True),
        ("2.其他法律行政止公开", "refused.other_law", True),
        ("（三）不予公开1.属于国家秘密", "refused.state_secret", True),
        ("三、本年度办理结果（一）予以公开", "granted", True),
        ("三、本年度办理结果（三）不予公开8.属于行政查询事项", "refused.administrative_inquiry", True),
        ("（六）其他处理3.其他", "other.other", True),
        ("没有现成信息需要另行制做", "unable.needs_creation", False),
        ("无正当理由大量反复申清", "not_processed.excessive", False),
        ("要求行政机关确认或重新出具已获信息", "not_processed.reissue", False),
        ("结转下年度续办理", "carried_out", False),
        ("本机关不掌握信息", "unable.not_held", False),
    ],
)
def test_variants_seen_in_print(text: str, code: str, exact: bool) -> None:
    assert found(text) == ("applications", code, exact)


@pytest.mark.parametrize(
    ("text", "item"),
    [
        ("其他对外管理服务事项（含行政确认、行政奖励、行政处罚、行政强制以外的事项）", "other_services"),
        ("规范性文件（指行政机关制定发布的决定，含规章以外的文件）", "normative_documents"),
        ("规 章", "rules"),
        ("規範性檔案", "normative_documents"),
    ],
)
def test_brackets_that_name_other_rows_are_not_read(text: str, item: str) -> None:
    assert found(text) == ("disclosure", item, True)


@pytest.mark.parametrize("group", sorted(set(GROUPS) - {"其他处理"}))
def test_a_group_is_no_row(group: str) -> None:
    assert look_up(f"（三）{group}").group
    assert found(group) is None


def test_refused_and_granted_in_part_are_two_edits_apart_and_never_mixed_up() -> None:
    assert found("部分公开") == ("applications", "granted_in_part", True)
    assert found("不予公开") is None
    assert found("予以公开") == ("applications", "granted", True)
    for typo in ("部予公开", "不分公开", "部份公开", "予已公开", "子以公开", "不予公幵"):
        assert found(typo) is None


@pytest.mark.parametrize(
    "text",
    [
        "其他主动公开文件",
        "公务用车10辆",
        "行政",
        "公开",
        "总",
        "属于",
        "行政确认",
        "行政奖励",
        "重复",
        "予以",
        "申请人情况",
        "法人或其他组织",
        "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）",
        "信息内容",
        "本年度共收到政府信息公开申请12件，其中予以公开10件，部分公开2件，全部按时答复。",
    ],
)
def test_what_no_form_has_is_no_row(text: str) -> None:
    assert found(text) is None


def test_short_labels_allow_no_edit_and_long_ones_two() -> None:
    assert [tolerance("一" * n) for n in (0, 5, 6, 9, 10, 30)] == [0, 0, 1, 1, 2, 2]


ALPHABET = sorted({character for _, item in ITEMS for character in item.zh})


@st.composite
def disturbed(draw: st.DrawFn) -> tuple[str, str, str]:
    """A label of a form with one to three characters changed, lost or added."""
    section, item = draw(st.sampled_from(ITEMS))
    text = list(item.zh)
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, max(0, len(text) - 1)))
        kind = draw(st.sampled_from(("change", "lose", "add")))
        letter = draw(st.sampled_from(ALPHABET))
        text[at : at + (kind != "add")] = [] if kind == "lose" else [letter]
    return section, item.item, "".join(text)


@given(disturbed())
def test_a_damaged_label_is_never_taken_for_another_with_confidence(drawn: tuple[str, str, str]) -> None:
    section, code, text = drawn
    hit = found(text)
    own = any(label_key(text) == label_key(wording) for _, i in ITEMS for wording in (i.zh, *i.aliases))
    if hit and not own:
        assert not hit[2] or hit[:2] == (section, code), f"{text!r} is no label of any form"


@given(disturbed())
def test_a_damaged_label_is_not_taken_for_another_at_all(drawn: tuple[str, str, str]) -> None:
    section, code, text = drawn
    hit = found(text)
    # The list of 2014 is never printed beside the later tables, and rows are taken in their own table only.
    apart = hit is not None and (section == "statistics") != (hit[0] == "statistics")
    if hit and not hit[2] and not apart:
        assert hit[:2] == (section, code)


@given(st.text(max_size=60))
def test_any_text_can_be_looked_up(text: str) -> None:
    hit = look_up(text)
    assert hit.blank == (not normalise(text)) or hit.figure
    assert label_key(text) == simplified(before_bracket(strip_numbering(normalise(text))))[0]


@pytest.mark.parametrize(
    ("text", "section"),
    [
        ("二、主动公开政府信息情况", "disclosure"),
        ("三、收到和处理政府信息公开申请情况", "applications"),
        ("三、收到和处理政府信息公开申请的情况", "applications"),
        ("四、因政府信息公开工作被申请行政复议、提起行政诉讼情况", None),
        ("四、政府信息公开行政复议、行政诉讼情况", "disputes"),
        ("四、政府資訊公開行政復議、行政訴訟情況", "disputes"),
        ("㈣ 政府信息公开行政复议、行政诉讼情况", "disputes"),
        ("主动公开政府信息情况", "disclosure"),
        ("五、存在的主要问题及改进情况", None),
        ("一、总体情况", None),
    ],
)
def test_headings_of_sections(text: str, section: str | None) -> None:
    assert heading_of(text) == section


def test_a_sentence_is_no_heading() -> None:
    text = "本机关2024年度主动公开政府信息1200条，其中规章2件，行政规范性文件15件，机构职能类信息33条。"
    assert heading_of(text) is None


def test_labels_of_ones_own() -> None:
    labels = Labels({"a": ["本年新收申请数量"], "b": ["上年结转申请数量"]}, {"a": "本年新收"}, ["办理结果"])
    assert labels.match("一、本年新收申请数量（件）") == Match("a", True)
    assert labels.match("办理结果上年结转申请数量") == Match("b", True)
    assert labels.match("本年新收到的申请") == Match("a", False)
    assert labels.match("上年结转申请量") == Match("b", False)
    assert labels.match("上年申请量") is None
    assert labels.match("") is None
    assert labels.match("本年新收申请数量" * 30) is None
    assert labels.exact("本年新收申请量") is None


def test_plain_and_taiwan_conversion_are_both_tried() -> None:
    assert simplified("規範性檔案") == ("规范性档案", "规范性文件")
    assert simplified("规章") == ("规章",)


def test_the_sections_of_all_forms_are_merged_in_print_order() -> None:
    assert list(sections()) == ["disclosure", "applications", "disputes", "statistics"]
    order = sections()["applications"].order
    assert order["not_processed.reissue"] < order["other"] < order["outcome_total"] < order["carried_out"]
