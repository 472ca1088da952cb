"""The page templates, rendered with made-up contents in both languages."""

import re

import pytest
from django.conf import settings
from django.http import Http404
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation

from exchange.portal.gallery import PAGES, gallery

LANGUAGES = ("en", "zh-hans")


def show(name: str, language: str) -> str:
    request = RequestFactory().get("/gallery/")
    with translation.override(language), pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings, "DEBUG", True)
        return gallery(request, name).content.decode()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["", *PAGES])
def test_page_holds_to_the_content_security_policy(name: str, language: str) -> None:
    page = show(name, language)

    assert re.findall(r"<script(?![^>]* src=\"/static/)[^>]*>", page) == []
    assert re.findall(r"<style|<[^>]*\s(?:style|on\w+)=", page) == []
    assert re.findall(r"(?:src|href|action)=\"(?:https?:)?//[^\"]*", page) == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["", *PAGES])
def test_page_has_one_heading_a_language_and_unique_ids(name: str, language: str) -> None:
    page = show(name, language)

    assert len(re.findall(r"<h1\b", page)) == 1
    assert len(re.findall(r"<main\b", page)) == 1
    assert re.search(r'<html lang="(en|zh-Hans|zh-hans)"', page)
    ids = re.findall(r'\sid="([^"]+)"', page)
    # The gallery shows the same piece more than once on purpose.
    assert name == "" or sorted(ids) == sorted(set(ids))


@pytest.mark.parametrize("name", ["", *PAGES])
def test_page_draws_only_icons_of_the_sprite(name: str) -> None:
    page = show(name, "en")
    sprite = set(re.findall(r'<symbol id="([^"]+)"', render_to_string("parts/_sprite.html")))

    assert set(re.findall(r'<use href="#([^"]+)"', page)) <= sprite


@pytest.mark.parametrize("name", [name for name in PAGES if name != "500"])
def test_page_in_chinese_leaves_no_english_sentence(name: str) -> None:
    page = show(name, "zh-hans")
    body = re.sub(r"<(script|style|svg|code|pre)\b.*?</\1>", " ", page, flags=re.DOTALL)
    texts = [text.strip() for text in re.findall(r">([^<>]+)<", body)]

    sentences = [text for text in texts if re.search(r"[a-z]{3,} [a-z]{2,} [a-z]{2,}", text)]
    assert sentences == []


def test_gallery_is_not_there_without_debug() -> None:
    with pytest.raises(Http404):
        gallery(RequestFactory().get("/gallery/"))
