"""Typst documents compiled and notebooks executed, with every complaint kept.

As a program: python tests/run_documents.py FILE.typ FILE.ipynb ... prints what is wrong with them.
"""

from __future__ import annotations

import sys
from pathlib import Path

SECONDS = 120  # for one cell


def complaints(document: Path) -> list[str]:
    """What Typst or Jupyter complains of when it runs the document; warnings of Typst count."""
    return {".typ": of_typst, ".ipynb": of_notebook}[document.suffix](document)


def of_typst(document: Path) -> list[str]:
    import typst

    try:
        _, warnings = typst.compile_with_warnings(str(document), output=None)
    except typst.TypstError as error:
        return [str(error)]
    return [str(warning) for warning in warnings]


def of_notebook(document: Path) -> list[str]:
    import nbformat
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError

    notebook = nbformat.read(document, as_version=4)
    nbformat.validate(notebook)
    client = NotebookClient(
        notebook, timeout=SECONDS, kernel_name="python3", resources={"metadata": {"path": document.parent}}
    )
    try:
        client.execute()
    except CellExecutionError as error:
        return [f"{error.ename}: {error.evalue}"]
    said = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    return [one.text.strip() for one in said if one.output_type == "stream" and one.name == "stderr"]


def main(documents: list[str]) -> int:
    found = [f"{name}: {what}" for name in documents for what in complaints(Path(name))]
    print("\n".join(found) or f"{len(documents)} documents, and no complaint")
    return 1 if found or not documents else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
