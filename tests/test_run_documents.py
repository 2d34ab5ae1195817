"""What runs Typst documents and notebooks complains of errors and warnings, and of nothing else."""

import json

import pytest
from run_documents import complaints, main


def notebook(source: str) -> str:
    cell = {"cell_type": "code", "id": "one", "metadata": {}, "source": source, "outputs": [], "execution_count": None}
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": kernel, "cells": [cell]})


@pytest.mark.needs("typst")
@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("$ a / b $", None),
        ("$ nonsense $", "unknown variable: nonsense"),
        ("see @nowhere", "label `<nowhere>` does not exist"),
        ('#set text(font: "No such font"); x', "unknown font family"),
    ],
)
def test_typst(text, complaint, tmp_path):
    (tmp_path / "a.typ").write_text(text)
    assert complained(complaints(tmp_path / "a.typ"), complaint)


@pytest.mark.needs("nbclient", "ipykernel")
@pytest.mark.parametrize(
    ("source", "complaint"),
    [
        ("import proofsheet\nprint(proofsheet.__name__)", None),
        ("1 / 0", "ZeroDivisionError: division by zero"),
        ("import warnings\nwarnings.warn('a fault')", "a fault"),
    ],
)
def test_notebook(source, complaint, tmp_path):
    (tmp_path / "a.ipynb").write_text(notebook(source))
    assert complained(complaints(tmp_path / "a.ipynb"), complaint)


@pytest.mark.needs("typst")
def test_as_a_program(tmp_path, capsys):
    good, bad = tmp_path / "good.typ", tmp_path / "bad.typ"
    good.write_text("words")
    bad.write_text("$ nonsense $")
    assert main([str(good)]) == 0
    assert capsys.readouterr().out == "1 documents, and no complaint\n"
    assert main([str(good), str(bad)]) == 1
    assert capsys.readouterr().out.startswith(f"{bad}: unknown variable")
    assert main([]) == 1


def complained(found: list[str], complaint: str | None) -> bool:
    return any(complaint in one for one in found) if complaint else not found
