"""The forms of the report as data: sections, items, measures, labels and identities.

Each ``f*.yaml`` beside this file is one form. Adding a form is adding a file: everything that reads,
checks or shows forms goes through :func:`forms`.
"""

from __future__ import annotations

from gxstats.schema.forms import (
    Block,
    Form,
    Group,
    Identity,
    Item,
    Kind,
    Layout,
    Measure,
    Section,
    due_sections,
    field_keys,
    form,
    form_of_year,
    forms,
    load_form,
    section_names,
)

__all__ = [
    "Block",
    "Form",
    "Group",
    "Identity",
    "Item",
    "Kind",
    "Layout",
    "Measure",
    "Section",
    "due_sections",
    "field_keys",
    "form",
    "form_of_year",
    "forms",
    "load_form",
    "section_names",
]
