"""The five dossiers a salesperson collects before a customer can be analysed.

Their keys are gates of the funnel's second stage; professional facts only go into them.
"""

from __future__ import annotations

from salesflow.labels import Term

__all__ = ["Dossier"]


class Dossier(Term):
    """A file of information about a customer (必须应取得的信息)."""

    BACKGROUND = "background", "背景资料", "background of the hospital"
    USAGE_STATUS = "usage_status", "使用现状", "what is used today"
    ORG_STRUCTURE = "org_structure", "组织结构资料", "structure of the organisation"
    PERSONAL = "personal", "个人资料", "professional profile of the persons"
    COMPETITORS = "competitors", "竞争对手资料", "competitors on site"
