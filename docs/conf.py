"""How the documents are built: `sphinx-build -W docs docs/_build/html`.

The same pages are tested with `sphinx-build -W -b doctest docs docs/_build/doctest`: every fence
in Markdown that starts with `>>>` is run, the fences of one page after each other as one session.
Doctests of docstrings are left to pytest, which runs them in their own module.
"""

from __future__ import annotations

import doctest
import importlib
import pkgutil
import re
from importlib.metadata import version as version_of

from docutils import nodes
from pygments.lexers.special import TextLexer
from sphinx.application import Sphinx
from sphinx.pycode import ModuleAnalyzer
from sphinx.transforms import SphinxTransform

project = "salesflow"
author = "The salesflow authors"
project_copyright = author
version = release = version_of(project)

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.doctest"]
exclude_patterns = ["_build"]
language = "en"
nitpicky = False  # types of other libraries have no page here, and nothing is fetched to find one

myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3  # so that a page can point into another

# A value reads like a paper form: the fields in the order of the form, each with its `#:` line.
# Members of an enumeration need no docstring; pages about errors ask for `:show-inheritance:`.
autodoc_default_options = {"members": True, "undoc-members": True}
autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_typehints_format = "short"
# What has a name of its own is shown by it, and not as all that it may be.
autodoc_type_aliases = {name: name for name in ("Number", "PrescribingStatus", "Record")}
autodoc_preserve_defaults = True  # `machine=FUNNEL`, not the whole table
python_use_unqualified_type_names = True
python_maximum_signature_line_length = 88

doctest_test_doctest_blocks = ""
doctest_default_flags = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE  # as for pytest
trim_doctest_flags = True

html_theme = "furo"
html_title = f"{project} {release}"
html_copy_source = False
html_show_sourcelink = False


class RunPlainFences(SphinxTransform):
    """Have the doctest builder run ordinary Markdown fences, which every viewer can show."""

    default_priority = 500

    def apply(self, **_: object) -> None:
        """Mark the fences that are sessions; code in a docstring is not ours to run."""
        for fence in self.document.findall(nodes.literal_block):
            is_page = str(fence.source).endswith(".md")
            if is_page and fence.astext().startswith(">>>"):
                fence["testnodetype"] = "doctest"
                fence["groups"] = ["page"]


def read_comments(
    _app: Sphinx, what: str, name: str, _thing: object, _options: object, lines: list[str]
) -> None:
    """Say of a table what stands above it in its own module, and not what its type says."""
    door, _, constant = name.rpartition(".")
    folder = getattr(importlib.import_module(door), "__path__", ()) if what == "data" else ()
    for module in pkgutil.iter_modules(folder, f"{door}."):
        comments = ModuleAnalyzer.for_module(module.name).find_attr_docs()
        if ("", constant) in comments:
            lines[:] = comments["", constant]


def read_backticks(
    _app: Sphinx, _what: str, _name: str, _thing: object, _options: object, lines: list[str]
) -> None:
    """Take `code` in docstrings as in Markdown, also with a letter right after it."""
    text = re.sub(r"(``.+?``)|`([^`]+)`(\w?)", _doubled, "\n".join(lines))
    lines[:] = text.split("\n")


def _doubled(found: re.Match[str]) -> str:
    already, code, letter = found.groups()
    return already or f"``{code}``" + (f"\\ {letter}" if letter else "")


def hide_generated_defaults(
    _app: Sphinx,
    _what: str,
    _name: str,
    _thing: object,
    _options: object,
    signature: str | None,
    returned: str | None,
) -> tuple[str | None, str | None]:
    """Show `...` for a default that only the `__init__` made by attrs can name.

    And show the bare name of an alias, which Sphinx wraps where it is a part of a type.
    """
    generated = r"attr_dict\['\w+'\]\.default|\bNOTHING\b"
    alias = r"TypeAliasForwardRef\('(\w+)'\)"
    shown = signature and re.sub(alias, r"\1", re.sub(generated, "...", signature))
    return shown, returned and re.sub(alias, r"\1", returned)


# Links that a viewer of the repository follows, and the pages here that show the same.
OUTSIDE = {"](../README.md)": "](index.md)", "](../CHANGELOG.md)": "](changelog.md)"}


def stay_inside(_app: Sphinx, name: str, source: list[str]) -> None:
    """Have the Chinese page, which is read in the repository too, point to pages of this site."""
    if name == "README.zh":
        for link, page in OUTSIDE.items():
            source[0] = source[0].replace(link, page)


def setup(app: Sphinx) -> None:
    """Add what a configuration value cannot say."""
    app.connect("source-read", stay_inside)
    app.add_transform(RunPlainFences)
    app.add_lexer("mermaid", TextLexer)  # drawn by most viewers of Markdown, shown as text here
    app.connect("autodoc-process-docstring", read_comments)
    app.connect("autodoc-process-docstring", read_backticks)
    app.connect("autodoc-process-signature", hide_generated_defaults)
