"""Every kept record is classified, has a policy and says who may see it; every step has its act; every state is reachable."""

from __future__ import annotations

from importlib import import_module

import pytest
from django.apps import apps
from django.db import models

from yuanqing.kernel import acts, secrecy
from yuanqing.kernel.acts.steps import lifecycle_of, noun_of
from yuanqing.kernel.duty import noun_modules
from yuanqing.kernel.records import Record, RecordQuerySet

list(noun_modules("actions"))
RECORDS = [m for m in apps.get_models() if issubclass(m, Record)]
OURS = [m for m in apps.get_models() if m.__module__.startswith("yuanqing.")]
DUTIES = ("kernel", "hotline", "org", "norms", "shell", "education", "discipline", "cases")
# their own noun has no lifecycle of them: they are parts or events kept by the acts of the noun's main record
by_label = pytest.mark.parametrize("model", RECORDS, ids=lambda m: m._meta.label)


@by_label
def test_every_field_is_classified(model):
    assert secrecy.unclassified(model) == []


@by_label
def test_every_record_says_how_long_it_is_kept(model):
    assert secrecy.retention(model) in secrecy.RETENTIONS


@by_label
def test_every_record_has_a_policy(model):
    assert callable(import_module(f"{noun_of(model)}.policies").refusal)


@by_label
def test_every_record_says_who_may_see_it(model):
    queryset = type(model._default_manager.all())
    assert queryset.visible_to is not RecordQuerySet.visible_to


@by_label
def test_every_step_has_an_act_and_every_state_is_reachable(model):
    lifecycle = lifecycle_of(model)
    if lifecycle is None:
        return
    assert lifecycle.reachable() == set(lifecycle.states)
    for step in lifecycle.steps:
        assert (model, step.name) in acts.registry, f"no act for the step {step.name}"


@pytest.mark.parametrize("model", OURS, ids=lambda m: m._meta.label)
def test_foreign_keys_point_downward(model):
    here = DUTIES.index(model.__module__.split(".")[1])
    for field in model._meta.get_fields():
        if isinstance(field, models.ForeignKey) and field.related_model.__module__.startswith("yuanqing."):
            assert DUTIES.index(field.related_model.__module__.split(".")[1]) <= here, field.name


@pytest.mark.parametrize("model", OURS, ids=lambda m: m._meta.label)
def test_a_class_begins_with_its_official_term(model):
    first = (model.__doc__ or "").split(":")[0]
    assert any("一" <= letter <= "鿿" for letter in first), model
