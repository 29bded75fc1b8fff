"""What became of the input: how it was read, which rows were refused, and that none is missing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from report_parts.intake import FileCount
from report_parts.layout import Page
from report_parts.rows import Refusal
from salesflow import Label

__all__ = [
    "agrees",
    "counted_",
    "encoded",
    "first_reason",
    "notes_",
    "nothing_",
    "nothing_read",
    "read_in",
    "refused_",
]

_FIRST_ROWS: Final = 6
_WHY: Final = Label("，原因见“未能读入的行”", ", for the reasons in “Rows that could not be read”")


def nothing_read(files: Sequence[FileCount]) -> bool:
    """Say whether there are rows in the first file, and every one of them was refused."""
    return files[0].rows > 0 and not files[0].used


def first_reason(refused: Sequence[Refusal]) -> str:
    """Return the first row that was refused and why, as it stands in a complaint."""
    return next((f" (row {one.row}: {one.reason.en})" for one in refused), "")


def encoded(files: Sequence[FileCount]) -> tuple[Label, ...]:
    """Say which files were no UTF-8 and yet were read."""
    names = [file.name for file in files if file.chinese]
    if not names:
        return ()
    return (
        Label(
            f"{'、'.join(names)} 不是 UTF-8，按 GB18030（中文 Excel 的编码）读取。",
            f"Not UTF-8, so read as GB18030, the encoding of Chinese Excel: {', '.join(names)}.",
        ),
    )


def read_in(tz: str) -> Label:
    """Say in which time zone instants were read that are written without an offset."""
    return Label(f"没有写时区的时刻按 {tz} 读取。", f"Instants without an offset are read in {tz}.")


def nothing_(page: Page, files: Sequence[FileCount], what: Label, *, listed: bool = True) -> None:
    """Say it first where nothing was read; `listed` says that the reasons follow below."""
    if not nothing_read(files):
        return
    file = files[0]
    zh, en = (_WHY.zh, _WHY.en) if listed else ("", "")
    page.text(
        f"没有读入任何{what.zh}：{file.name} 的 {file.rows:,} 行全部未读入{zh}。",
        f"No {what.en} was read: all {file.rows:,} rows of {file.name} were refused{en}.",
    )


def notes_(page: Page, notes: Sequence[Label]) -> None:
    """How the input was read, where it could have been read otherwise."""
    page.heading("数据说明", "How the input was read")
    for note in notes:
        page.paragraph(note.text(page.language), indent="    ", first="  -")


def refused_(page: Page, refused: Sequence[Refusal], *, all_rows: bool) -> None:
    """The rows that could not be read, with the reason."""
    page.heading("未能读入的行", "Rows that could not be read")
    if not refused:
        page.text("没有。", "None.")
        return
    groups: dict[tuple[str, str], list[Refusal]] = {}
    for one in refused:
        groups.setdefault((one.file, one.reason.text(page.language)), []).append(one)
    cut_short = False
    for (file, reason), found in groups.items():
        most = len(found) if all_rows or len(found) <= _FIRST_ROWS else _FIRST_ROWS
        rows = page.say("、", ", ").join(_row(page, one) for one in found[:most])
        if most < len(found):
            cut_short = True
            rows += page.say(f"等 {len(found):,} 行", f" … {len(found):,} in all")
        page.text(
            f"{file} {rows}：{reason}",
            f"{file} row {rows}: {reason}",
            indent="    ",
            first="  -",
        )
    if cut_short:
        page.text("完整清单：--all-rows", "The full list: --all-rows")


def _row(page: Page, refusal: Refusal) -> str:
    row = page.say(f"第 {refusal.row} 行", str(refusal.row))
    return row + page.say(f"（{refusal.id}）", f" ({refusal.id})") if refusal.id else row


def counted_(page: Page, files: Sequence[FileCount]) -> None:
    """A line for each file: its rows are those that were read and those that were refused."""
    head = page.say("文件|行数|已读入|未读入|", "file|rows|read|refused|").split("|")
    rows = [
        (
            one.name,
            f"{one.rows:,}",
            f"{one.used:,}",
            f"{one.refused:,}",
            agrees(page, right=one.rows == one.used + one.refused),
        )
        for one in files
    ]
    page.table([head, *rows], "lrrrl")


def agrees(page: Page, *, right: bool) -> str:
    """Return the verdict on two figures that must be the same."""
    return page.say("相符", "agrees") if right else page.say("不符！", "DOES NOT AGREE")
