"""What is the same for every reader of a language is drawn once; what belongs to a reader is not in it."""

from typing import Any

import pytest
from django.template import Context, Template, engines
from django.utils.translation import override

from yuanqing.shell.loader import Fixed, join


def drawn(text: str, **given: Any) -> str:
    return joined(text).render(Context(given))


def joined(text: str) -> Template:
    found = Template(text, engine=engines["django"].engine)
    join(found.nodelist)
    return found


def test_fixed_words_are_one_node_and_are_said_in_the_language_of_the_reader() -> None:
    page = joined('<p>{% translate "退出" %}</p>{% icon "logout" %}<b>{{ name }}</b>')
    assert [type(node).__name__ for node in page.nodelist] == ["Fixed", "Shown", "TextNode"]
    with override("en"):
        assert "<p>Sign out</p>" in page.render(Context({"name": "A"}))
    with override("zh-hans"):
        assert "<p>退出</p>" in page.render(Context({"name": "B"}))
    with override("en"):
        assert page.render(Context({"name": "C"})).endswith("<b>C</b>")


@pytest.mark.parametrize(
    "text",
    [
        "{% translate word %}",
        '{% translate "退出" as said %}',
        "{% icon word %}",
        "{% blocktranslate with n=word %}{{ n }} 件{% endblocktranslate %}",
        "{% blocktranslate %}{{ word }} 件{% endblocktranslate %}",
        "{% csrf_token %}",
        "{% url word %}",
        "{% url 'about' as there %}",
    ],
)
def test_what_asks_the_page_for_anything_is_not_fixed(text: str) -> None:
    assert not any(isinstance(node, Fixed) for node in joined(text + " ").nodelist)


def test_words_in_branches_and_loops_are_joined_too() -> None:
    page = joined('{% for n in all %}{% if n %}<i>{% translate "退出" %}</i>{% else %}-{% endif %}{% endfor %}')
    assert len(page.nodelist.get_nodes_by_type(Fixed)) == 1
    with override("en"):
        assert page.render(Context({"all": [1, 0, 1]})) == "<i>Sign out</i>-<i>Sign out</i>"


def test_a_variable_is_written_as_django_writes_it() -> None:
    values = ["<b>", 1234567, None, True, 0.5]
    with override("zh-hans"):
        for value in values:
            assert drawn("{{ v }}", v=value) == Template("{{ v }}").render(Context({"v": value}))
    assert drawn("{% autoescape off %}{{ v }}{% endautoescape %}", v="<b>") == "<b>"


def test_a_component_takes_attributes_slots_and_what_it_says_of_itself() -> None:
    title = drawn('{% cotton page-header title="{{ a }} & b" :subtitle="c" %}<i>x</i>{% endcotton %}', a="<", c="<c>")
    assert "<h1>&lt; & b</h1>" in title
    assert '<p class="subtitle">&lt;c&gt;</p>' in title
    assert "<i>x</i>" in title
    assert "page-actions" not in title
    inside = '{% cotton page-header title="t" %}{% cotton:slot actions %}{% cotton badge tone="red" %}!{% endcotton %}'
    assert '<div class="page-actions"><span class="badge tone-red">!</span>' in drawn(
        inside + "{% endcotton:slot %}{% endcotton %}"
    )
    assert 'tone-grey">!' in drawn('{% cotton badge :tone="nothing" %}!{% endcotton %}')
