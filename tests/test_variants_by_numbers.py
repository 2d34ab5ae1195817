"""The whole catalogue, by its numeric checks: each registered mistake is refuted by a case, or declared unseen with a reason.

Read from what `check --json` prints, so that a check that forgets wrong=identity.variants, or a new variant that no case
tells from the truth, is found without a look at its script.
"""

import json
from pathlib import Path

import pytest

from proofsheet import proof
from proofsheet.catalogue import Catalogue
from proofsheet.evidence import gather

ENTRIES = {entry.name: entry for entry in Catalogue(Path(__file__).resolve().parent.parent).entries}
SMALL = "l1_penalty_gradient"
OLD = '"wrong": identity.variants,'  # in its check


def facts_of(entry):
    layer = gather(entry, ["monte_carlo"]).layers["monte_carlo"]
    return json.loads(json.dumps({"verdict": layer.verdict, **layer.facts}))


def holes(facts, registered):
    """What is wrong with the facts of an entry that has these registered mistakes."""
    each = facts.get("cases", {"": facts})
    unseen = facts["variants"]["unseen"]
    found = [f"{one}: no case tries it" for one in facts["variants"]["untried"]]
    found += [f"{one}: seen and not refuted" for one in facts["variants"]["not_refuted"]]
    found += [f"{one}: unseen without a reason" for one, why in unseen.items() if len(why.split()) < 3]
    found += [f"{one}: not registered" for one in unseen if one not in registered]
    found += [f"case {name}: {one['verdict']}" for name, one in each.items() if one["verdict"] != "confirmed"]
    for name, one in each.items():
        said = one["variants"]
        if said["total"] != said["refuted"] + len(said["not_refuted"]) + len(said["unseen"]):
            found.append(f"case {name}: {said['total']} variants, of which some are neither refuted nor unseen")
    if facts["variants"]["refuted"] + len(unseen) != len(registered):
        found.append(f"{facts['variants']['refuted']} refuted, {len(unseen)} unseen, {len(registered)} registered")
    return found


def registered(name):
    return [one.mistake for one in proof(name).variants]


def test_every_entry_has_a_numeric_check():
    assert len(ENTRIES) == 14
    assert [name for name, entry in ENTRIES.items() if entry.check is None] == []


@pytest.mark.parametrize("name", ENTRIES)
def test_every_registered_mistake_is_refuted_or_declared_unseen(name):
    facts = facts_of(ENTRIES[name])
    assert (facts["verdict"], holes(facts, registered(name))) == ("confirmed", [])
    assert facts["variants"]["refuted"] > 0


@pytest.fixture
def copied(tmp_path):
    """An entry that reads the same proof and another check script."""

    def entry(old, new, name=SMALL):
        text = ENTRIES[name].check.read_text()
        assert old in text
        for place in ("proofs", "numeric_checks"):
            (tmp_path / place).mkdir()
        (tmp_path / "proofs" / f"{name}.py").write_text(ENTRIES[name].proof.read_text())
        (tmp_path / "numeric_checks" / f"{name}.py").write_text(text.replace(old, new))
        return next(iter(Catalogue(tmp_path).entries))

    return entry


def test_a_variant_that_is_not_tried_is_found(copied):
    facts = facts_of(copied(OLD, OLD.replace(",", "[1:],")))
    assert facts["verdict"] == "undecided"
    assert holes(facts, registered(SMALL))[0] == f"{registered(SMALL)[0]}: no case tries it"


def test_no_variants_at_all_are_found(copied):
    assert len(holes(facts_of(copied(OLD, "'wrong': (),")), registered(SMALL))) > 1


def test_a_reason_that_says_nothing_is_found(copied):
    lost = registered(SMALL)[0]
    facts = facts_of(copied(OLD, f'{OLD} "unseen": {{{lost!r}: "hard"}},'))
    assert f"{lost}: unseen without a reason" in holes(facts, registered(SMALL))


def test_a_variant_that_was_registered_later_is_found():
    facts = facts_of(ENTRIES[SMALL])
    assert holes(facts, [*registered(SMALL), "a new one"]) != [] == holes(facts, registered(SMALL))


@pytest.mark.parametrize("part", ["refuted", "unseen", "not_refuted"])
def test_facts_that_do_not_add_up_are_found(part):
    facts = facts_of(ENTRIES[SMALL])
    change = {"refuted": facts["variants"]["refuted"] - 1, "unseen": {"a stranger": "it is nowhere registered"}}
    facts["variants"][part] = {**change, "not_refuted": registered(SMALL)[:1]}[part]
    assert holes(facts, registered(SMALL))
